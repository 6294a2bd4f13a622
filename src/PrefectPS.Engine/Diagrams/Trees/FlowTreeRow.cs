using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>A line of a flow's tree: the flow, a task, a child of a mapped task, or several of these that are alike. Immutable.</summary>
public sealed class FlowTreeRow
{
    internal FlowTreeRow(string text, IReadOnlyList<string> slugs)
    {
        Text = text;
        Slugs = slugs;
    }

    /// <summary>The line's place in the tree, and what it is about.</summary>
    public string Text { get; }

    /// <summary>The tasks it is about; empty for the flow itself.</summary>
    public IReadOnlyList<string> Slugs { get; }

    /// <summary>How many tasks or children it is about, with those hidden below it.</summary>
    public int Count { get; internal init; } = 1;

    /// <summary>The name of the state that all of them are in; null where there is none, or several.</summary>
    public string? State => StateType?.Name();

    /// <summary>How long it ran, or the longest of them; null where none has run.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>What is to be said about it; null for nothing.</summary>
    public string? Message { get; internal init; }

    /// <summary>The type of the state that all of them are in.</summary>
    internal StateType? StateType { get; init; }

    /// <summary>The line's place in the tree, and what it is about.</summary>
    public override string ToString() => Text;
}
