namespace PrefectPS.Engine.Tests.Support;

/// <summary>Faults of a store call that the store's own retries do not handle.</summary>
internal enum InjectedFault
{
    /// <summary>A permanent error, before the call took effect.</summary>
    Refused,

    /// <summary>A timeout, before the call took effect.</summary>
    NoAnswer,

    /// <summary>A timeout after the call took effect: only its response is lost.</summary>
    LostAnswer,

    /// <summary>Too many requests (429); the call had no effect.</summary>
    Throttled,

    /// <summary>The service is unavailable (503); the call had no effect.</summary>
    Unavailable,

    /// <summary>The content of a read ends prematurely. Other calls are not affected.</summary>
    TruncatedRead,

    /// <summary>The call is slow.</summary>
    Slow,
}
