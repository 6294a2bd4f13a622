namespace PrefectPS.Runs;

/// <summary>What a segment says of itself and of those before it, without the records.</summary>
/// <param name="Mark">What later segments call it.</param>
/// <param name="Openings">The numbers of the records up to its last that opened a step and are kept beside the segments.</param>
/// <param name="Older">The segments before it, the oldest first.</param>
internal record SegmentOutline(SegmentReference Mark, IReadOnlyList<int> Openings, IReadOnlyList<SegmentReference> Older)
{
    /// <summary>All segments up to this one, the oldest first.</summary>
    public IReadOnlyList<SegmentReference> All => [.. Older, Mark];

    /// <summary>The same, without the records where it has them.</summary>
    public SegmentOutline Alone() => new(Mark, Openings, Older);
}
