using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>A line of a flow's tree: the flow, a task, a child, or several similar ones. Immutable.</summary>
public sealed class FlowTreeRow
{
    internal FlowTreeRow(string text, IReadOnlyList<string> slugs)
    {
        Text = text;
        Slugs = slugs;
    }

    /// <summary>The text, with its tree glyphs.</summary>
    public string Text { get; }

    /// <summary>The slugs of its tasks; empty for the flow.</summary>
    public IReadOnlyList<string> Slugs { get; }

    /// <summary>The number of tasks or children, including hidden ones below.</summary>
    public int Count { get; internal init; } = 1;

    /// <summary>The common state's name; null for none or different ones.</summary>
    public string? State => StateType?.Name();

    /// <summary>The duration, or the longest one; null where none ran.</summary>
    public TimeSpan? Duration { get; internal init; }

    /// <summary>The message; null for none.</summary>
    public string? Message { get; internal init; }

    /// <summary>The common state.</summary>
    internal StateType? StateType { get; init; }

    /// <summary>The text, with its tree glyphs.</summary>
    public override string ToString() => Text;
}
