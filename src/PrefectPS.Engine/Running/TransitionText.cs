using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Formats task events as one line each, safe for a terminal.</summary>
public static class TransitionText
{
    private const int MaxMessage = 300;

    /// <summary>Formats a state change with the time: <c>09:31:07 load: Running (attempt 2 of 4)</c>.</summary>
    public static string OfChange(in TaskEvent change) => $"{Time(change.Run.Flow.Services.Clock.GetLocalNow())} {Name(change)}: {Words(change.Task, change.To)}";

    /// <summary>Formats the end of a task: <c>load: Success in 00:01:12</c>.</summary>
    public static string OfEnd(in TaskEvent end) => $"{Name(end)}: {Words(end.Task, end.To)}";

    /// <summary>Path of the task or child, subflows included.</summary>
    public static string Name(in TaskEvent taskEvent) => TerminalText.Of(taskEvent.Run.Path + ChildSlug.Of(taskEvent.Task, taskEvent.Child));

    private static string Words(FlowTask task, State state) => state.Type switch
    {
        StateType.Running => $"Running{InParentheses(Attempt(task, state.RunCount), Pass(state))}",
        StateType.Retrying => $"Retrying{InParentheses(Attempt(task, Limits.Next(state.RunCount)), state.DueTime is { } due ? $"at {Time(due.ToLocalTime())}" : null)}",
        StateType.Mapped => $"Mapped ({Number(state.Children?.Length ?? 0)} {(state.Children?.Length == 1 ? "child" : "children")})",
        StateType.Looped => $"Looped{InParentheses(Pass(state))}",
        StateType.Success => $"Success{Duration(state)}",
        var type when type.IsFailed() => $"{type.Name()}{Duration(state)}{(Line(state.Message) is { } message ? $": {message}" : string.Empty)}",
        var type => $"{type.Name()}{InParentheses(Line(state.Message), type.IsScheduled() && state.DueTime is { } due ? $"at {Time(due.ToLocalTime())}" : null)}",
    };

    private static string? Attempt(FlowTask task, int attempt) =>
        task.Retry is { MaxRetries: > 0 and var retries } ? $"attempt {Number(attempt)} of {Number(retries + 1L)}" : attempt > 1 ? $"attempt {Number(attempt)}" : null;

    private static string? Pass(State state) => state.LoopCount > 1 || state.Type == StateType.Looped ? $"pass {Number(state.LoopCount)}" : null;

    private static string InParentheses(params string?[] parts) =>
        string.Join(", ", parts.Where(part => part is not null)) is { Length: > 0 } text ? $" ({text})" : string.Empty;

    /// <summary>Formats a recorded state change: <c>Running (attempt 2)</c>, <c>Success in 00:01:12</c>.</summary>
    /// <param name="state">The new state.</param>
    /// <param name="message">Message of the state; null if none.</param>
    /// <param name="attempt">The attempt number.</param>
    /// <param name="duration">Duration of the body; null if it has not run.</param>
    internal static string OfRecord(StateType state, string? message, int attempt, TimeSpan? duration)
    {
        var took = duration is { } time ? Duration(time) : string.Empty;
        return state switch
        {
            StateType.Running => $"Running{InParentheses(attempt > 1 ? $"attempt {Number(attempt)}" : null)}",
            StateType.Success => $"Success{took}",
            var type when type.IsFailed() => $"{type.Name()}{took}{(string.IsNullOrEmpty(message) ? string.Empty : $": {message}")}",
            var type => $"{type.Name()}{InParentheses(string.IsNullOrEmpty(message) ? null : StateMessages.InShort(message!))}",
        };
    }

    private static string Duration(State state) => state is { Started: { } started, Ended: { } ended } ? Duration(ended - started) : string.Empty;

    private static string Duration(TimeSpan time) =>
        $" in {time.ToString(time.Days > 0 ? @"d\.hh\:mm\:ss" : time < TimeSpan.FromSeconds(1) ? @"hh\:mm\:ss\.fff" : @"hh\:mm\:ss", CultureInfo.InvariantCulture)}";

    // The first line, shortened to fit.
    private static string? Line(string? message)
    {
        if (string.IsNullOrEmpty(message))
            return null;
        var line = message!.Split('\n')[0].TrimEnd();
        return TerminalText.Of(line.Length > MaxMessage ? $"{line.Substring(0, MaxMessage)}…" : line);
    }

    private static string Time(DateTimeOffset time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
