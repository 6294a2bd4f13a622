using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>A task, a child of a mapped task, or several children in the same state.</summary>
/// <param name="Id">The id, unique across nested diagrams: letters, digits and underscores.</param>
/// <param name="Label">The displayed name.</param>
/// <param name="Slug">The slug in the run: <c>task</c>, <c>task[3]</c>, <c>task/inner</c>.</param>
/// <param name="IsMapped">Whether it is or belongs to a mapped task; drawn as a box.</param>
public sealed record DiagramNode(string Id, string Label, string Slug, bool IsMapped)
{
    /// <summary>The state; null for a flow, or a subflow that has not begun.</summary>
    internal StateType? State { get; init; }

    /// <summary>The state's message; null for none.</summary>
    internal string? Message { get; init; }

    /// <summary>The duration of its body; null where it has not run.</summary>
    internal TimeSpan? Duration { get; init; }

    /// <summary>The attempt, from 1.</summary>
    internal int RunCount { get; init; } = 1;

    /// <summary>The number of children it represents; null for a task or a single child.</summary>
    internal int? Count { get; init; }

    /// <summary>The subflow's diagram; null for none.</summary>
    internal Diagram? Inner { get; init; }
}
