namespace PrefectPS.Runs;

/// <summary>What was begun with a run whose index entry says so. Without a mark, the run's head is there.</summary>
internal enum EntryMark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The run is being begun: its head comes next.</summary>
    Beginning,

    /// <summary>The finished run goes on: its head is there, unless the run was removed meanwhile.</summary>
    Reopening,

    /// <summary>The run is being removed: its head, and then all that belongs to it.</summary>
    Removing,
}
