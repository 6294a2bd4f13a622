namespace PrefectPS.Runs;

/// <summary>The operation in progress according to a run's index entry. Without one, the run's head exists.</summary>
internal enum EntryMark
{
    /// <summary>None.</summary>
    None,

    /// <summary>The run is being created: its head comes next.</summary>
    Beginning,

    /// <summary>The finished run is being reopened: its head exists, unless the run was removed meanwhile.</summary>
    Reopening,

    /// <summary>The run is being removed: its head first, then everything else.</summary>
    Removing,
}
