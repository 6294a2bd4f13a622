using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>A flow or run as a graph. Immutable; nodes are referenced by index.</summary>
/// <param name="Title">The flow's name.</param>
/// <param name="Nodes">Tasks and children of mapped tasks, in definition order.</param>
/// <param name="Edges">The dependencies, ordered by their dependent node.</param>
internal sealed record Diagram(string Title, IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramEdge> Edges)
{
    /// <summary>The run's state; null for a flow.</summary>
    public StateType? State { get; init; }

    /// <summary>The run's message; null for none.</summary>
    public string? Message { get; init; }
}
