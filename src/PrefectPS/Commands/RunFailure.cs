using PrefectPS.Flows;
using PrefectPS.Notifications;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Commands;

/// <summary>Describes a failed run: its failed tasks and the first error.</summary>
internal static class RunFailure
{
    private const int MaxNamed = 5;

    /// <summary>The error of a run that has ended Failed or Cancelled.</summary>
    public static FlowException Of(FlowState run) => ModuleErrors.RunFailed(run.Flow.Name, run.RunId, run.StateType, Describe(run), run);

    /// <summary>The error of such a recorded run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="details">The run with its tasks; null if they cannot be read.</param>
    public static FlowException Of(FlowRun run, FlowState? details) =>
        ModuleErrors.RunFailed(run.Flow, run.RunId, run.StateType, details is null ? run.Message : Describe(details), run);

    private static string Describe(FlowState run)
    {
        var wanted = run.StateType == StateType.Cancelled ? (Func<FlowTaskState, bool>)(state => state.StateType == StateType.Cancelled) : state => state.IsFailed;
        List<(string Path, FlowTaskState State)> found = [.. TaskLeaves.Of(run, wanted)];
        if (found.Count == 0)
            return run.Message;
        // A task with a failed trigger has no error of its own.
        var first = found.Find(each => each.State.StateType != StateType.TriggerFailed) is { State: not null } cause ? cause : found[0];
        return $"{Named([.. found.Select(each => each.Path)])}. {first.Path}: {Said(first.State)}";
    }

    private static string Named(string[] paths) =>
        $"{(paths.Length == 1 ? "Task" : "Tasks")} {string.Join(", ", paths.Take(MaxNamed).Select(path => $"'{path}'"))}"
        + (paths.Length > MaxNamed ? $" and {paths.Length - MaxNamed} more" : string.Empty);

    private static string Said(FlowTaskState state)
    {
        if (state.Error is not { } error)
            return state.Message ?? state.State.ToString();
        var place = error.Line == 0 ? error.LineText : $"{error.ScriptName ?? "<no file>"}: line {error.Line}{(error.LineText is null ? string.Empty : $": {error.LineText}")}";
        return string.IsNullOrEmpty(place) ? error.Message : $"{error.Message}\nAt {place}";
    }
}
