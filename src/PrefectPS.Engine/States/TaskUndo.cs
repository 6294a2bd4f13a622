namespace PrefectPS.States;

/// <summary>The undo of a task that had ended well. Immutable.</summary>
/// <param name="Phase">How far it is.</param>
internal sealed record TaskUndo(UndoPhase Phase)
{
    /// <summary>The number of its attempt that is next or was the last one, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When it is tried again; null for as soon as there is budget.</summary>
    public DateTimeOffset? DueTime { get; init; }

    /// <summary>Why the attempt before failed; null if none did.</summary>
    public TaskError? Error { get; init; }
}
