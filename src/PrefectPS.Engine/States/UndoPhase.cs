namespace PrefectPS.States;

/// <summary>Phase of a task's undo. The names are stored in documents.</summary>
internal enum UndoPhase : byte
{
    /// <summary>To be undone, now or at a time.</summary>
    Due,

    /// <summary>Could not be undone after all attempts: its effects remain.</summary>
    Failed,

    /// <summary>Undone.</summary>
    Done,
}
