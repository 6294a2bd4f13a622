namespace PrefectPS.Triggers;

/// <summary>How many upstream states there are to be. A number below 1 is a fraction of all of them; both ends count.</summary>
/// <param name="AtLeast">The least; null for none.</param>
/// <param name="AtMost">The most; null for any.</param>
public sealed record Threshold(double? AtLeast, double? AtMost)
{
    /// <summary>Whether a count is within it.</summary>
    internal bool Accepts(int count, int total) => !(count < Number(AtLeast, total)) && !(count > Number(AtMost, total));

    /// <summary>Whether no count of any number of upstream states can be within it: the reference accepts such bounds, and its task never runs.</summary>
    public bool AcceptsNothing => AtMost < 0 || (AtLeast > AtMost && AtLeast < 1 == AtMost < 1);

    private static double? Number(double? bound, int total) => bound < 1 ? bound * total : bound;
}
