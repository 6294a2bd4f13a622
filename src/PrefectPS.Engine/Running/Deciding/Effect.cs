namespace PrefectPS.Running;

/// <summary>
/// What a decision may depend on outside the run: stores, and code of the user's own. The decider says that it is to be performed; it never does so itself.
/// </summary>
[Flags]
internal enum Effect : ushort
{
    None = 0,

    /// <summary>Looks for the result at the task's target.</summary>
    FindTarget = 1 << 0,

    /// <summary>Looks for the result in the task's cache.</summary>
    FindCached = 1 << 1,

    /// <summary>Asks a trigger of the user's own.</summary>
    AskTrigger = 1 << 2,

    /// <summary>Asks the task's condition.</summary>
    AskCondition = 1 << 3,

    /// <summary>Writes the outcome's result where it is to be.</summary>
    WriteResult = 1 << 4,

    /// <summary>Keeps the result in the task's cache.</summary>
    KeepResult = 1 << 5,

    /// <summary>Asks the filter of the task's retries.</summary>
    AskRetryFilter = 1 << 6,

    /// <summary>Looks for the event that the task waits for, and asks the body whether it can take it.</summary>
    FindEvent = 1 << 7,

    /// <summary>Asks whether what the body of a task that polls has returned is the task's result.</summary>
    AskAnswer = 1 << 8,

    /// <summary>Takes the places of its tags that all runs of the store share.</summary>
    TakePlaces = 1 << 9,
}
