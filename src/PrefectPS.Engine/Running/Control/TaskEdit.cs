using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What an edit from outside makes of the tasks that it chooses. Immutable.</summary>
/// <param name="To">The state that they are to have.</param>
public sealed record TaskEdit(StateType To)
{
    /// <summary>The tasks and children, each by its path in the run; null for all. A mapped task stands for its children, too.</summary>
    public IReadOnlyCollection<string>? Tasks { get; init; }

    /// <summary>The states to change; null for all.</summary>
    public IReadOnlyCollection<StateType>? From { get; init; }

    /// <summary>The new state's message.</summary>
    public string? Message { get; init; }

    /// <summary>Whether the new state has <see cref="Result"/>, and not the one that the task had.</summary>
    public bool HasResult { get; init; }

    /// <summary>The new state's result.</summary>
    public object? Result { get; init; }

    /// <summary>When the task is due, for Scheduled and its kinds; UTC.</summary>
    public DateTimeOffset? DueTime { get; init; }

    /// <summary>Whether what comes after those tasks changes, too.</summary>
    public bool IncludesDownstream { get; init; }

    /// <summary>The edit, of the tasks that it names itself.</summary>
    internal StateEdit ToStateEdit()
    {
        var paths = Tasks is null ? null : new HashSet<string>(Tasks, StringComparer.OrdinalIgnoreCase);
        return ToStateEdit((task, child, path) =>
            paths is null || paths.Contains(path + task.Slug) || (child is not null && paths.Contains(path + ChildSlug.Of(task, child))));
    }

    /// <summary>The edit, of tasks that are chosen otherwise.</summary>
    /// <param name="names">Whether a task or child, in a subflow of a path, is one of them.</param>
    public StateEdit ToStateEdit(Func<FlowTask, int?, string, bool> names) => new()
    {
        Chooses = (task, child, state, path) => names(task, child, path) && StateEdit.IsFrom(state, From, isNamed: Tasks is not null),
        To = To,
        Change = Of,
        IncludesDownstream = IncludesDownstream,
    };

    /// <summary>The state that a task is given in place of another one; it has the times of its body only where that has ended so.</summary>
    internal State Of(FlowTask task, State state, RunIdentity run, bool isStale) => state.Edit(To, Message, isStale) with
    {
        Result = ResultOf(task, state, run),
        DueTime = DueTime,
        Started = KeepsTimes(state) ? state.Started : null,
        Ended = KeepsTimes(state) ? state.Ended : null,
    };

    private bool KeepsTimes(State state) => To.IsFinished() && To.IsSuccessful() == state.IsSuccessful;

    // A task that ran to its end, or is said to have, may have put out nothing; of any other one that is set to have ended well no result is known.
    private TaskResult? ResultOf(FlowTask task, State state, RunIdentity run)
    {
        var result = HasResult ? NewResult(task, run) : To.IsFinished() ? state.WholeResult() : null;
        if (result is not null || !To.IsSuccessful() || To.IsSkipped() || To == StateType.Mapped)
            return result;
        if (HasResult || (state.IsSuccessful && !state.LacksResult))
            return TaskResult.Nothing;
        return state.Ended is null ? null : TaskResult.Missing;
    }

    private TaskResult? NewResult(FlowTask task, RunIdentity run) => run.Hides(task) ? TaskResult.Secret(Result) : TaskResult.Of(Result);
}
