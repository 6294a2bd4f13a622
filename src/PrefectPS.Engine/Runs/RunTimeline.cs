namespace PrefectPS.Runs;

/// <summary>The recorded timeline of a run.</summary>
/// <param name="Changes">State changes of tasks, oldest first.</param>
/// <param name="Steps">The steps, in order.</param>
public sealed record RunTimeline(IReadOnlyList<FlowTransition> Changes, IReadOnlyList<StepSpan> Steps)
{
    /// <summary>State changes and control requests, in order.</summary>
    public IReadOnlyList<FlowTransition> All { get; init; } = Changes;

    /// <summary>Control requests, oldest first.</summary>
    public IEnumerable<FlowTransition> Requests => All.Where(change => change.RequestedBy is not null);
}
