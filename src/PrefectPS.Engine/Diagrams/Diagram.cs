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

/// <summary>A task, a child of a mapped task, or several children in the same state.</summary>
/// <param name="Id">The id, unique across nested diagrams: letters, digits and underscores.</param>
/// <param name="Label">The displayed name.</param>
/// <param name="Slug">The slug in the run: <c>task</c>, <c>task[3]</c>, <c>task/inner</c>.</param>
/// <param name="IsMapped">Whether it is or belongs to a mapped task; drawn as a box.</param>
public sealed record DiagramNode(string Id, string Label, string Slug, bool IsMapped)
{
    /// <summary>The state; null for a flow, or a subflow that has not begun.</summary>
    public StateType? State { get; init; }

    /// <summary>The state's message; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>The duration of its body; null where it has not run.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The attempt, from 1.</summary>
    public int RunCount { get; init; } = 1;

    /// <summary>The number of children it represents; null for a task or a single child.</summary>
    public int? Count { get; init; }

    /// <summary>The subflow's diagram; null for none.</summary>
    public Diagram? Inner { get; init; }
}

/// <summary>A dependency between two nodes.</summary>
/// <param name="From">The upstream node.</param>
/// <param name="To">The downstream node.</param>
/// <param name="Key">The parameter that takes the result; null for order only.</param>
/// <param name="IsMapped">Whether each child takes an element of the result; drawn dashed.</param>
public sealed record DiagramEdge(int From, int To, string? Key, bool IsMapped);
