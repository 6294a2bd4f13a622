namespace PrefectPS.Diagrams;

/// <summary>An edge: one node waits for another.</summary>
/// <param name="From">The node that is waited for.</param>
/// <param name="To">The node that waits.</param>
/// <param name="Key">The parameter that takes the result; null where only the order counts.</param>
/// <param name="IsMapped">Whether each child takes an element of the result: such edges are dashed.</param>
public sealed record DiagramEdge(int From, int To, string? Key, bool IsMapped);
