namespace PrefectPS.Running;

/// <summary>What a <see cref="TaskEvent"/> says.</summary>
public enum TaskEventKind : byte
{
    /// <summary>A transition that state handlers see and the history keeps. A step that dies here begins again from the state that was settled before.</summary>
    Changed,

    /// <summary>As <see cref="Changed"/>, of a poll after the first: the history keeps that of the last poll, so that it does not grow with polls.</summary>
    Polled,

    /// <summary>The task is left in a state that a later step can go on from: the reducer applies it, and the journal keeps it.</summary>
    Settled,

    /// <summary>The step's budget kept the task from starting. Applied as <see cref="Settled"/>, but no progress: the journal need not keep it.</summary>
    Cancelled,
}
