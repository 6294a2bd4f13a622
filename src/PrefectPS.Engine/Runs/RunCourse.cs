namespace PrefectPS.Runs;

/// <summary>What a store has on record of the course of a run.</summary>
/// <param name="Changes">The changes of its tasks' states, the oldest first.</param>
/// <param name="Steps">Its steps, the first one first.</param>
public sealed record RunCourse(IReadOnlyList<FlowTransition> Changes, IReadOnlyList<StepSpan> Steps)
{
    /// <summary>The changes, and where they came the requests of the run from outside.</summary>
    public IReadOnlyList<FlowTransition> All { get; init; } = Changes;

    /// <summary>The requests of the run from outside, the oldest first.</summary>
    public IEnumerable<FlowTransition> Requests => All.Where(change => change.RequestedBy is not null);
}
