namespace PrefectPS.States;

/// <summary>The undo of a succeeded task. Immutable.</summary>
/// <param name="Phase">Phase of the undo.</param>
internal sealed record TaskUndo(UndoPhase Phase)
{
    /// <summary>Number of the next or last attempt, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Time of the next attempt; null for as soon as there is budget.</summary>
    public DateTimeOffset? DueTime { get; init; }

    /// <summary>Error of the previous attempt; null if none failed.</summary>
    public TaskError? Error { get; init; }
}
