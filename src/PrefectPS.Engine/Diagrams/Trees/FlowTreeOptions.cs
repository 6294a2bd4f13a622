using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>Options for a flow's tree.</summary>
public sealed class FlowTreeOptions
{
    /// <summary>Filters tasks, given the task, its state and the path of its subflow; null for all.</summary>
    public Func<FlowTask, StateType?, string, bool>? Filter { get; init; }

    /// <summary>The greatest depth of branches and subflows; null to fit.</summary>
    public int? Depth { get; init; }

    /// <summary>True if to write each task on its own line.</summary>
    public bool ShowsAll { get; init; }

    /// <summary>The characters that branches are drawn with.</summary>
    public TreeGlyphs Glyphs { get; init; } = TreeGlyphs.Unicode;
}
