using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Diagrams.Trees;

/// <summary>What a flow's tree shows, and with which signs.</summary>
public sealed class FlowTreeOptions
{
    /// <summary>Which tasks are shown, by the task, its state and what stands before the names of a subflow's tasks; null for all.</summary>
    public Func<FlowTask, StateType?, string, bool>? Filter { get; init; }

    /// <summary>How many branches and flows within each other are shown; null for as many as can be read.</summary>
    public int? Depth { get; init; }

    /// <summary>Whether each task has its own line, however many there are.</summary>
    public bool ShowsAll { get; init; }

    /// <summary>The characters that branches are drawn with.</summary>
    public TreeGlyphs Glyphs { get; init; } = TreeGlyphs.Unicode;
}
