namespace PrefectPS.Flows;

/// <summary>
/// The selected part of a flow: chosen tasks with all they need, everything downstream of some tasks, or the intersection of both. Stores only the chosen
/// tasks; the others are derived from the current flow. Immutable.
/// </summary>
public sealed class RunSelection : IEquatable<RunSelection>
{
    private SelectedTasks? _selected;

    /// <param name="tasks">The chosen tasks; null if not restricted.</param>
    /// <param name="from">The tasks to start from; null to start from the first ones.</param>
    public RunSelection(IReadOnlyList<TaskPath>? tasks, IReadOnlyList<TaskPath>? from)
    {
        Tasks = tasks;
        From = from;
    }

    /// <summary>The chosen tasks; null if only <see cref="From"/> is used.</summary>
    public IReadOnlyList<TaskPath>? Tasks { get; }

    /// <summary>The tasks to start from; null if only <see cref="Tasks"/> is used.</summary>
    public IReadOnlyList<TaskPath>? From { get; }

    /// <summary>Resolves the selection against a plan.</summary>
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

    /// <summary>Display text: <c>report, s/ok from load</c>.</summary>
    public override string ToString() => (Tasks, From) switch
    {
        ({ } tasks, null) => string.Join(", ", tasks),
        (null, { } from) => $"from {string.Join(", ", from)}",
        _ => $"{string.Join(", ", Tasks ?? [])} from {string.Join(", ", From ?? [])}",
    };

    private static bool IsSame(IReadOnlyList<TaskPath>? one, IReadOnlyList<TaskPath>? other) =>
        one is null || other is null ? ReferenceEquals(one, other) : new HashSet<TaskPath>(one).SetEquals(other);
}
