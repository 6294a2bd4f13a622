using PrefectPS.Flows;
using PrefectPS.Storage;

namespace PrefectPS.Running;

/// <summary>Paths of a run's objects in a store.</summary>
internal static class RunPaths
{
    /// <summary>Path prefix of all runs.</summary>
    public const string Runs = "runs/";

    private const string Elsewhere = "run-results/";

    /// <summary>Path prefix of everything that belongs to a run, results without a target included.</summary>
    public static string RootOf(string flow, string runId) => $"{Runs}{StorePath.Escape(flow)}/{StorePath.Escape(runId)}/";

    /// <summary>Path of an object of a run in a store that does not hold its record, so that it is not taken for an orphan there.</summary>
    /// <param name="path">Its path beside the record.</param>
    public static string ElsewhereOf(string path) => $"{Elsewhere}{path.Substring(Runs.Length)}";

    /// <summary>Path of a result without a target, in an unrecorded run.</summary>
    public static string ResultOf(TaskRun task, RunIdentity run, string extension) =>
        $"{ElsewhereOf(RootOf(task.Task.Flow.Name, run.RunId))}results/{StorePath.Escape(task.Slug + extension)}";

    /// <summary>Name of a result written by a recorded step, which runs each attempt and pass once.</summary>
    /// <param name="task">The task.</param>
    /// <param name="path">Path of the task's subflow, with a trailing slash.</param>
    /// <param name="extension">The extension.</param>
    public static string NameOf(TaskRun task, string path, string extension) =>
        StorePath.Escape(FormattableString.Invariant($"{path}{task.Slug}.{task.State.LoopCount}-{task.Attempt}{extension}"));
}
