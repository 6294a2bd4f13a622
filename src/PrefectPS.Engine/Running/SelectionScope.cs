namespace PrefectPS.Running;

/// <summary>What a <see cref="SelectionChange"/> may do to a run that was begun already.</summary>
internal enum SelectionScope : byte
{
    /// <summary>Any tasks: the caller owns the run.</summary>
    Any,

    /// <summary>Only a subset of the run's selection.</summary>
    Narrow,

    /// <summary>No change: the selection must be equal.</summary>
    Same,
}
