namespace PrefectPS.States;

/// <summary>Verdict of a <see cref="MapGoal"/>.</summary>
internal enum MapVerdict : byte
{
    /// <summary>Not decided yet.</summary>
    Open,

    /// <summary>Success: enough have succeeded, or all have ended without too many failures.</summary>
    Reached,

    /// <summary>Failure: too many have failed.</summary>
    TooManyFailed,

    /// <summary>Failure: all have ended and too few have succeeded.</summary>
    TooFewGood,

    /// <summary>All have ended, some of them Cancelled by themselves.</summary>
    Undecided,
}
