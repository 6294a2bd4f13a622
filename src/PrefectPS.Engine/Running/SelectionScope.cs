namespace PrefectPS.Running;

/// <summary>What a <see cref="SelectionChange"/> may do to a run that was begun already.</summary>
public enum SelectionScope : byte
{
    /// <summary>Choose any tasks: who has the run in hand says so.</summary>
    Any,

    /// <summary>Choose of those that the run is of.</summary>
    Narrow,

    /// <summary>Nothing: the run has to be of these tasks.</summary>
    Same,
}
