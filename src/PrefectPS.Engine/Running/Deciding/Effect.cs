namespace PrefectPS.Running;

/// <summary>What a decision may depend on outside the run: stores and user code. The decider requests effects and never performs them.</summary>
[Flags]
internal enum Effect : ushort
{
    None = 0,

    /// <summary>Find the result at the task's target.</summary>
    FindTarget = 1 << 0,

    /// <summary>Find the result in the task's cache.</summary>
    FindCached = 1 << 1,

    /// <summary>Evaluate a custom trigger.</summary>
    AskTrigger = 1 << 2,

    /// <summary>Evaluate the task's condition.</summary>
    AskCondition = 1 << 3,

    /// <summary>Write the outcome's result.</summary>
    WriteResult = 1 << 4,

    /// <summary>Cache the result.</summary>
    KeepResult = 1 << 5,

    /// <summary>Evaluate the retry filter.</summary>
    AskRetryFilter = 1 << 6,

    /// <summary>Find the event the task waits for, and validate its payload.</summary>
    FindEvent = 1 << 7,

    /// <summary>Test the answer of a poll.</summary>
    AskAnswer = 1 << 8,

    /// <summary>Acquire tag slots shared by all runs of the store.</summary>
    TakePlaces = 1 << 9,
}
