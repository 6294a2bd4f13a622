using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>A flow, or a run of one, as a graph to be drawn. Immutable; nodes go by their index.</summary>
/// <param name="Title">The flow's name.</param>
/// <param name="Nodes">Tasks and children of mapped tasks, in definition order.</param>
/// <param name="Edges">Who waits for whom, in the order of those that wait.</param>
public sealed record Diagram(string Title, IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramEdge> Edges)
{
    /// <summary>The run's state; null where it is a flow that is drawn.</summary>
    internal StateType? State { get; init; }

    /// <summary>What is to be said about the run's state; null for nothing.</summary>
    internal string? Message { get; init; }
}
