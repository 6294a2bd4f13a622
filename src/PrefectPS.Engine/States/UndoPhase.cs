namespace PrefectPS.States;

/// <summary>How far the undo of a task is. The names stand in documents.</summary>
internal enum UndoPhase : byte
{
    /// <summary>The task is to be undone, now or at a time.</summary>
    Due,

    /// <summary>It could not be undone, however often that was tried: what it did is still there.</summary>
    Failed,

    /// <summary>It is undone.</summary>
    Done,
}
