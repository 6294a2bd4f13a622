using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>An edit of task states, from outside. Immutable.</summary>
/// <param name="To">The new state.</param>
public sealed record TaskEdit(StateType To)
{
    /// <summary>Paths of tasks and children; null for all. A mapped task includes its children.</summary>
    public IReadOnlyCollection<string>? Tasks { get; init; }

    /// <summary>The states to change; null for all.</summary>
    public IReadOnlyCollection<StateType>? From { get; init; }

    /// <summary>Message of the new state.</summary>
    public string? Message { get; init; }

    /// <summary>True to use <see cref="Result"/> instead of the task's result.</summary>
    public bool HasResult { get; init; }

    /// <summary>Result of the new state.</summary>
    public object? Result { get; init; }

    /// <summary>Due time, for Scheduled and its kinds; UTC.</summary>
    public DateTimeOffset? DueTime { get; init; }

    /// <summary>True to change everything downstream too.</summary>
    public bool IncludesDownstream { get; init; }

    /// <summary>The edit for the named tasks.</summary>
    internal StateEdit ToStateEdit()
    {
        var paths = Tasks is null ? null : new HashSet<string>(Tasks, StringComparer.OrdinalIgnoreCase);
        return ToStateEdit((task, child, path) =>
            paths is null || paths.Contains(path + task.Slug) || (child is not null && paths.Contains(path + ChildSlug.Of(task, child))));
    }

    /// <summary>The edit for tasks chosen by a predicate.</summary>
    /// <param name="names">Chooses a task or child, given its subflow's path.</param>
    public StateEdit ToStateEdit(Func<FlowTask, int?, string, bool> names) => new()
    {
        Chooses = (task, child, state, path) => names(task, child, path) && StateEdit.IsFrom(state, From, isNamed: Tasks is not null),
        To = To,
        Change = Of,
        IncludesDownstream = IncludesDownstream,
    };

    /// <summary>The new state of a task; it keeps the times of its body only if that ended alike.</summary>
    internal State Of(FlowTask task, State state, RunIdentity run, bool isStale) => state.Edit(To, Message, isStale) with
    {
        Result = ResultOf(task, state, run),
        DueTime = DueTime,
        Started = KeepsTimes(state) ? state.Started : null,
        Ended = KeepsTimes(state) ? state.Ended : null,
    };

    private bool KeepsTimes(State state) => To.IsFinished() && To.IsSuccessful() == state.IsSuccessful;

    // A task that ran to completion, or is said to have, may have no output; for any other task set to successful, no result is known.
    private TaskResult? ResultOf(FlowTask task, State state, RunIdentity run)
    {
        var result = HasResult ? NewResult(task, run) : To.IsFinished() ? state.WholeResult() : null;
        if (result is not null || !To.IsSuccessful() || To.IsSkipped() || To == StateType.Mapped)
            return result;
        if (HasResult || (state.IsSuccessful && !state.LacksResult))
            return TaskResult.Empty;
        return state.Ended is null ? null : TaskResult.Unspecified;
    }

    private TaskResult? NewResult(FlowTask task, RunIdentity run) => run.Hides(task) ? TaskResult.Secret(Result) : TaskResult.Of(Result);
}
