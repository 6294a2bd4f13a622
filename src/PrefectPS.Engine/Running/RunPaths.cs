using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Where a run keeps its things in a store.</summary>
internal static class RunPaths
{
    /// <summary>What the paths of all that belongs to a run begin with, its results without a target included.</summary>
    public static string RootOf(string flow, string runId) => $"runs/{StorePath.Escape(flow)}/{StorePath.Escape(runId)}/";

    /// <summary>The result of a task that has no target.</summary>
    public static string ResultOf(TaskRun task, RunIdentity run, string extension) =>
        $"{RootOf(task.Task.Flow.Name, run.RunId)}results/{StorePath.Escape(task.Slug + extension)}";

    /// <summary>The name of a result that a step on record writes, which runs each attempt and pass once.</summary>
    /// <param name="task">The task.</param>
    /// <param name="path">The path of the subflow that the task is in, with a slash behind it.</param>
    /// <param name="extension">The extension.</param>
    public static string NameOf(TaskRun task, string path, string extension) =>
        StorePath.Escape(FormattableString.Invariant($"{path}{task.Slug}.{task.State.LoopCount}-{task.Attempt}{extension}"));
}
