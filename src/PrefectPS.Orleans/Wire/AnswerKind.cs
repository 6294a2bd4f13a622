namespace PrefectPS.Orleans.Wire;

/// <summary>Whether a worker takes a body.</summary>
internal enum AnswerKind
{
    /// <summary>It does, or has before.</summary>
    Taken,

    /// <summary>It has no place for it now.</summary>
    Full,

    /// <summary>It never does: it has another version of the flow, or leaves.</summary>
    Refused,

    /// <summary>It does, as soon as a place is free, and tells so; it gives it back where none becomes free soon.</summary>
    Waits,
}
