using System.Globalization;

namespace PrefectPS.States;

/// <summary>When the children of a mapped task are enough, or too many of them have failed: then the rest is not begun. Immutable.</summary>
/// <param name="AtLeast">How many children have to succeed, below 1 a fraction of them: with so many the task has succeeded. Null for no such number.</param>
/// <param name="AtMostFailed">How many may fail, likewise: with more the task has failed. Null for no such number.</param>
public sealed record MapGoal(double? AtLeast, double? AtMostFailed)
{
    /// <summary>Whether a number can be one of children: a whole one, or a part of them below 1.</summary>
    internal static bool IsNumber(double number) => number >= 0 && (number < 1 || (Math.Floor(number) == number && number <= Limits.MaxChildren));

    /// <summary>Whether so many children are enough; none is only where there is none.</summary>
    internal bool IsReachedBy(int good, int total) => good >= NumberOf(AtLeast, total) && (good > 0 || total == 0);

    /// <summary>Whether so many failures are too many.</summary>
    internal bool IsMissedBy(int failed, int total) => failed > NumberOf(AtMostFailed, total);

    /// <summary>Whether no number of children that succeed is enough, as there are not so many.</summary>
    internal bool IsBeyond(int total) => NumberOf(AtLeast, total) > total;

    /// <summary>How the children stand by it.</summary>
    internal MapVerdict Judge(State[] children)
    {
        var tally = MapTally.Of(children);
        return IsReachedBy(tally.Good, children.Length) ? MapVerdict.Reached
            : IsMissedBy(tally.Failed, children.Length) ? MapVerdict.TooManyFailed
            : tally.Ended < children.Length ? MapVerdict.Open
            : AtLeast is not null ? MapVerdict.TooFewGood
            : tally.Good + tally.Failed + tally.Skipped == children.Length ? MapVerdict.Reached
            : MapVerdict.Undecided;
    }

    /// <summary>Those whose results are the task's.</summary>
    internal static State[] GoodOf(State[] children) => Array.FindAll(children, IsGood);

    /// <summary>Whether a child has succeeded, with a result: one that was skipped has none.</summary>
    internal static bool IsGood(State child) => child.Type.IsSuccessful() && !child.Type.IsSkipped() && child.IsFinished;

    /// <summary>Why the rest of the children is not begun; null where it is.</summary>
    internal string? WhyEnded(MapTally tally, int total) =>
        IsReachedBy(tally.Good, total) ? $"Not begun: {Text(tally.Good)} of {Text(total)} children have succeeded, and -MapAtLeast {Text(AtLeast)} is reached."
        : IsMissedBy(tally.Failed, total) ? $"Not begun: {Text(tally.Failed)} of {Text(total)} children have failed, more than -MapAtMostFailed {Text(AtMostFailed)}."
        : null;

    /// <summary>Whether children were not begun, and there is no reason for it any more.</summary>
    internal bool IsOpenAgain(State[] children) => MapTally.Of(children) is { NotBegun: > 0 } tally && WhyEnded(tally, children.Length) is null;

    /// <summary>What a person is told about the task by how its children stand; null where nothing is decided.</summary>
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

    // In decimals, so that 0.07 of 100 is 7.
    private static decimal? NumberOf(double? bound, int total) => bound is not { } number ? null : number < 1 ? (decimal)number * total : (decimal)number;

    private static string Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? string.Empty;
}
