namespace PrefectPS.Triggers;

/// <summary>Bounds of a count of upstream states, inclusive. Below 1 a bound is a fraction of all upstream tasks.</summary>
/// <param name="AtLeast">Minimum; null if none.</param>
/// <param name="AtMost">Maximum; null for no limit.</param>
public sealed record Threshold(double? AtLeast, double? AtMost)
{
    /// <summary>True if a count is within the bounds.</summary>
    internal bool Accepts(int count, int total) => !(count < Number(AtLeast, total)) && !(count > Number(AtMost, total));

    /// <summary>True if no count can be within the bounds: Prefect accepts these, and the task never runs.</summary>
    public bool AcceptsNothing => AtMost < 0 || (AtLeast > AtMost && AtLeast < 1 == AtMost < 1);

    private static double? Number(double? bound, int total) => bound < 1 ? bound * total : bound;
}
