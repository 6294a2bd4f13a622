namespace PrefectPS.States;

/// <summary>How the children of a mapped task stand by its <see cref="MapGoal"/>.</summary>
internal enum MapVerdict : byte
{
    /// <summary>It is not decided yet.</summary>
    Open,

    /// <summary>Enough have succeeded, or all have ended and no more have failed than may: the task has succeeded.</summary>
    Reached,

    /// <summary>More have failed than may: the task has failed.</summary>
    TooManyFailed,

    /// <summary>All have ended, and too few have succeeded: the task has failed.</summary>
    TooFewGood,

    /// <summary>All have ended, some neither well nor badly: they ended themselves Cancelled.</summary>
    Undecided,
}
