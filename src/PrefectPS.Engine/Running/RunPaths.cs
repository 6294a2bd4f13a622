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
}
