namespace PrefectPS.Diagrams;

/// <summary>A dependency between two nodes.</summary>
/// <param name="From">The upstream node.</param>
/// <param name="To">The downstream node.</param>
/// <param name="Key">The parameter that takes the result; null for order only.</param>
/// <param name="IsMapped">Whether each child takes an element of the result; drawn dashed.</param>
public sealed record DiagramEdge(int From, int To, string? Key, bool IsMapped);
