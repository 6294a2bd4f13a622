namespace PrefectPS.Runs;

/// <summary>A segment, as a later one names it.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Last">The number of the last record in it.</param>
/// <param name="Level">How often its oldest records have been merged.</param>
/// <param name="Bytes">The size of the records in it, unpacked.</param>
internal sealed record SegmentReference(string Name, int Last, int Level, int Bytes);
