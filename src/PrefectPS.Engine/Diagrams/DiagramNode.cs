using PrefectPS.States;

namespace PrefectPS.Diagrams;

/// <summary>A task in a diagram, a child of a mapped one, or several children that are in one state.</summary>
/// <param name="Id">Its key in the diagram and those it is nested in: letters, digits and underscores.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Slug">What it goes by in the run: <c>task</c>, <c>task[3]</c>, <c>task/inner</c>.</param>
/// <param name="IsMapped">Whether it is, or belongs to, a mapped task: those are boxes.</param>
public sealed record DiagramNode(string Id, string Label, string Slug, bool IsMapped)
{
    /// <summary>Its state; null where it is a flow that is drawn, or a part of one that has not begun.</summary>
    internal StateType? State { get; init; }

    /// <summary>What is to be said about its state; null for nothing.</summary>
    internal string? Message { get; init; }

    /// <summary>How long its body ran; null where it has not run.</summary>
    internal TimeSpan? Duration { get; init; }

    /// <summary>The number of the attempt, from 1.</summary>
    internal int RunCount { get; init; } = 1;

    /// <summary>How many children it stands for; null for a task itself and for one child.</summary>
    internal int? Count { get; init; }

    /// <summary>The flow that is the task's body, drawn inside it; null where it has none.</summary>
    internal Diagram? Inner { get; init; }
}
