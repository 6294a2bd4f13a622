using System.Globalization;

namespace PrefectPS.States;

/// <summary>Goal that ends a map early: enough children have succeeded, or too many failed; the rest is skipped. Immutable.</summary>
/// <param name="AtLeast">Number of children that must succeed, or a fraction of them below 1; then the task succeeds. Null for no such limit.</param>
/// <param name="AtMostFailed">Number of children that may fail, or a fraction; with more, the task fails. Null for no such limit.</param>
public sealed record MapGoal(double? AtLeast, double? AtMostFailed)
{
    /// <summary>True if the number is valid: whole, or a fraction below 1.</summary>
    internal static bool IsNumber(double number) => number >= 0 && (number < 1 || (Math.Floor(number) == number && number <= Limits.MaxChildren));

    /// <summary>True if this many successes suffice; zero suffices only without children.</summary>
    internal bool IsReachedBy(int good, int total) => good >= NumberOf(AtLeast, total) && (good > 0 || total == 0);

    /// <summary>True if there are too many failures.</summary>
    internal bool IsFailedBy(int failed, int total) => failed > NumberOf(AtMostFailed, total);

    /// <summary>True if the goal exceeds the number of children.</summary>
    internal bool IsBeyond(int total) => NumberOf(AtLeast, total) > total;

    /// <summary>Judges children by the goal.</summary>
    internal MapVerdict Judge(State[] children)
    {
        var tally = MapTally.Of(children);
        return IsReachedBy(tally.Good, children.Length) ? MapVerdict.Reached
            : IsFailedBy(tally.Failed, children.Length) ? MapVerdict.TooManyFailed
            : tally.Ended < children.Length ? MapVerdict.Open
            : AtLeast is not null ? MapVerdict.TooFewGood
            : tally.Good + tally.Failed + tally.Skipped == children.Length ? MapVerdict.Reached
            : MapVerdict.Undecided;
    }

    /// <summary>The children whose results are the task's.</summary>
    internal static State[] SuccessfulOf(State[] children) => Array.FindAll(children, HasSucceeded);

    /// <summary>True if a child has succeeded with a result, which skipped ones lack.</summary>
    internal static bool HasSucceeded(State child) => child.Type.IsSuccessful() && !child.Type.IsSkipped() && child.IsFinished;

    /// <summary>Reason for skipping the remaining children; null if they are not.</summary>
    internal string? EndReason(MapTally tally, int total) =>
        IsReachedBy(tally.Good, total) ? $"Not begun: {Text(tally.Good)} of {Text(total)} children have succeeded, and -MapAtLeast {Text(AtLeast)} is reached."
        : IsFailedBy(tally.Failed, total) ? $"Not begun: {Text(tally.Failed)} of {Text(total)} children have failed, more than -MapAtMostFailed {Text(AtMostFailed)}."
        : null;

    /// <summary>True if children were skipped and the reason no longer applies.</summary>
    internal bool IsReopenedBy(State[] children) => MapTally.Of(children) is { NotBegun: > 0 } tally && EndReason(tally, children.Length) is null;

    /// <summary>Describes the outcome by the children's states; null if undecided.</summary>
    internal string? Describe(State[] children)
    {
        var verdict = Judge(children);
        if (verdict is MapVerdict.Open or MapVerdict.Undecided)
            return null;
        var tally = MapTally.Of(children);
        var counts = $"{Text(tally.Good)} of {Text(children.Length)} children succeeded, {Text(tally.Failed)} failed, {Text(tally.NotBegun)} not begun";
        return verdict switch
        {
            MapVerdict.TooManyFailed => $"{counts}: more failed than -MapAtMostFailed {Text(AtMostFailed)}.",
            MapVerdict.TooFewGood => $"{counts}: fewer succeeded than -MapAtLeast {Text(AtLeast)}.",
            _ when AtLeast is not null => $"{counts}: -MapAtLeast {Text(AtLeast)} is reached.",
            _ => $"{counts}: no more failed than -MapAtMostFailed {Text(AtMostFailed)}.",
        };
    }

    // Decimal arithmetic: 0.07 of 100 is 7.
    private static decimal? NumberOf(double? bound, int total) => bound is not { } number ? null : number < 1 ? (decimal)number * total : (decimal)number;

    private static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? string.Empty;
}
