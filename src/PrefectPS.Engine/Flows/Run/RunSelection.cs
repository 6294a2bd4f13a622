namespace PrefectPS.Flows;

/// <summary>
/// The part of its flow that a run is of: the tasks that were asked for with all that they need, or all from some tasks on, or what is both. It names the
/// tasks that were asked for; which others these come to is found out in the flow as it is. Immutable.
/// </summary>
public sealed class RunSelection : IEquatable<RunSelection>
{
    private SelectedTasks? _selected;

    /// <param name="tasks">The tasks that were asked for; null for none in particular.</param>
    /// <param name="from">The tasks from which on it runs; null for the first ones.</param>
    public RunSelection(IReadOnlyList<TaskPath>? tasks, IReadOnlyList<TaskPath>? from)
    {
        Tasks = tasks;
        From = from;
    }

    /// <summary>The tasks that were asked for; null where only <see cref="From"/> counts.</summary>
    public IReadOnlyList<TaskPath>? Tasks { get; }

    /// <summary>The tasks from which on it runs; null where only <see cref="Tasks"/> count.</summary>
    public IReadOnlyList<TaskPath>? From { get; }

    /// <summary>Those of the tasks that the flow has, with what they come to.</summary>
    public SelectedTasks In(FlowPlan plan)
    {
        var known = _selected;
        return known is not null && ReferenceEquals(known.Plan, plan) ? known : _selected = new(plan, this);
    }

    /// <inheritdoc/>
    public bool Equals(RunSelection? other) => other is not null && IsSame(Tasks, other.Tasks) && IsSame(From, other.From);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RunSelection);

    /// <inheritdoc/>
    public override int GetHashCode() => (Tasks?.Count ?? -1) ^ ((From?.Count ?? -1) << 16);

    /// <summary>As a person would say it: <c>report, s/ok from load</c>.</summary>
    public override string ToString() => (Tasks, From) switch
    {
        ({ } tasks, null) => string.Join(", ", tasks),
        (null, { } from) => $"from {string.Join(", ", from)}",
        _ => $"{string.Join(", ", Tasks ?? [])} from {string.Join(", ", From ?? [])}",
    };

    private static bool IsSame(IReadOnlyList<TaskPath>? one, IReadOnlyList<TaskPath>? other) =>
        one is null || other is null ? ReferenceEquals(one, other) : new HashSet<TaskPath>(one).SetEquals(other);
}
