using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>A flow or run as a graph. Immutable; nodes are referenced by index.</summary>
/// <param name="Title">The flow's name.</param>
/// <param name="Nodes">Tasks and children of mapped tasks, in definition order.</param>
/// <param name="Edges">The dependencies, ordered by their dependent node.</param>
public sealed record Diagram(string Title, IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramEdge> Edges)
{
    /// <summary>The run's state; null for a flow.</summary>
    internal StateType? State { get; init; }

    /// <summary>The run's message; null for none.</summary>
    internal string? Message { get; init; }
}
