using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Where a run keeps its things in a store.</summary>
internal static class RunPaths
{
    /// <summary>The result of a task that has no target.</summary>
    public static string ResultOf(FlowTask task, RunInfo run) =>
        $"runs/{StorePath.Escape(task.Flow.Name)}/{StorePath.Escape(run.RunId)}/results/{StorePath.Escape(task.Slug)}.json";
}
