namespace PrefectPS.Runs;

/// <summary>Reference to a segment.</summary>
/// <param name="Name">Name in the store.</param>
/// <param name="Last">Number of its last record.</param>
/// <param name="Level">How often its oldest records were merged.</param>
/// <param name="Bytes">Uncompressed size of its records.</param>
internal sealed record SegmentReference(string Name, int Last, int Level, int Bytes);
