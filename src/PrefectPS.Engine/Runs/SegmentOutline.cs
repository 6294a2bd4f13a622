namespace PrefectPS.Runs;

/// <summary>A segment without its records: references to itself and to older ones.</summary>
/// <param name="Mark">Reference to this segment.</param>
/// <param name="Openings">Numbers of opening records, up to its last record, that are kept beside the segments.</param>
/// <param name="Older">Older segments, oldest first.</param>
internal record SegmentOutline(SegmentReference Mark, IReadOnlyList<int> Openings, IReadOnlyList<SegmentReference> Older)
{
    /// <summary>All segments up to this one, oldest first.</summary>
    public IReadOnlyList<SegmentReference> All => [.. Older, Mark];

    /// <summary>The outline alone, without records.</summary>
    public SegmentOutline Alone() => new(Mark, Openings, Older);
}
