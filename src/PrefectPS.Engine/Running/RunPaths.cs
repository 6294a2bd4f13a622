using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Where a run keeps its things in a store.</summary>
internal static class RunPaths
{
    /// <summary>The result of a task that has no target.</summary>
    public static string ResultOf(TaskRun task, RunInfo run, string extension) =>
        $"{RunFolder.RootOf(task.Task.Flow.Name, run.RunId)}results/{StorePath.Escape(SlugOf(task) + extension)}";

    /// <summary>The slug of a task or of a mapped task's child.</summary>
    public static string SlugOf(TaskRun task) => MapChildren.Slug(task.Task, task.MapIndex);
}
