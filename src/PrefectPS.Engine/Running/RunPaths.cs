using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Where a run keeps its things in a store.</summary>
internal static class RunPaths
{
    /// <summary>What the paths of all runs begin with.</summary>
    public const string Runs = "runs/";

    private const string Elsewhere = "run-results/";

    /// <summary>What the paths of all that belongs to a run begin with, its results without a target included.</summary>
    public static string RootOf(string flow, string runId) => $"{Runs}{StorePath.Escape(flow)}/{StorePath.Escape(runId)}/";

    /// <summary>Where in a store that does not have the run's record something of the run is: nobody takes it there for a run's that is gone.</summary>
    /// <param name="path">Where it would be beside the record.</param>
    public static string ElsewhereOf(string path) => $"{Elsewhere}{path.Substring(Runs.Length)}";

    /// <summary>The result of a task that has no target, in a run that is not on record.</summary>
    public static string ResultOf(TaskRun task, RunIdentity run, string extension) =>
        $"{ElsewhereOf(RootOf(task.Task.Flow.Name, run.RunId))}results/{StorePath.Escape(task.Slug + extension)}";

    /// <summary>The name of a result that a step on record writes, which runs each attempt and pass once.</summary>
    /// <param name="task">The task.</param>
    /// <param name="path">The path of the subflow that the task is in, with a slash behind it.</param>
    /// <param name="extension">The extension.</param>
    public static string NameOf(TaskRun task, string path, string extension) =>
        StorePath.Escape(FormattableString.Invariant($"{path}{task.Slug}.{task.State.LoopCount}-{task.Attempt}{extension}"));
}
