namespace PrefectPS.Running;

/// <summary>Kinds of a <see cref="TaskEvent"/>.</summary>
public enum TaskEventKind : byte
{
    /// <summary>A transition seen by state handlers and kept in the history. If the step dies, the task restarts from the last settled state.</summary>
    Changed,

    /// <summary>Like <see cref="Changed"/>, for polls after the first: the history keeps only the last one, so that it does not grow.</summary>
    Polled,

    /// <summary>The task is left in a state that a later step can continue from: applied by the reducer and kept in the journal.</summary>
    Settled,

    /// <summary>The budget kept the task from starting. Applied like <see cref="Settled"/>, but not progress: the journal need not keep it.</summary>
    Cancelled,
}
