namespace PrefectPS.Running;

/// <summary>What a <see cref="SelectionChange"/> may change in a run that has begun.</summary>
public enum SelectionScope : byte
{
    /// <summary>Any tasks: the caller owns the run.</summary>
    Any,

    /// <summary>Only a subset of the run's selection.</summary>
    Narrow,

    /// <summary>No change: the selection must be equal.</summary>
    Same,
}
