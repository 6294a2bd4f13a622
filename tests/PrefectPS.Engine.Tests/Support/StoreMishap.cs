namespace PrefectPS.Engine.Tests.Support;

/// <summary>What can happen to a call of a store, after all that the store itself does about it.</summary>
internal enum StoreMishap
{
    /// <summary>A permanent error, before the call took effect.</summary>
    Refused,

    /// <summary>A timeout, before the call took effect.</summary>
    NoAnswer,

    /// <summary>A timeout after the call took effect: only its answer is lost.</summary>
    LostAnswer,

    /// <summary>Too many requests (429); the call had no effect.</summary>
    Throttled,

    /// <summary>The service is unavailable (503); the call had no effect.</summary>
    Unavailable,

    /// <summary>What is read ends half-way. Other calls are not affected.</summary>
    TruncatedRead,

    /// <summary>The call takes a while.</summary>
    Slow,
}
