namespace PrefectPS.Running;

/// <summary>Changes that a <see cref="SelectionChange"/> may make to a run that has begun.</summary>
public enum SelectionScope : byte
{
    /// <summary>Any tasks: the caller owns the run.</summary>
    Any,

    /// <summary>Only a subset of the run's selection.</summary>
    Narrow,

    /// <summary>No change: the selection must be equal.</summary>
    Same,
}
