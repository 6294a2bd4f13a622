namespace PrefectPS.Results;

/// <summary>Thrown while planning: the answer depends on a body or user code that a plan does not run.</summary>
/// <param name="reason">Why it is unknown; null for a result not yet produced.</param>
internal sealed class NotKnownYetException(string? reason = null) : Exception(reason ?? "The result does not exist yet.")
{
    /// <summary>Why it is unknown; null for a result not yet produced.</summary>
    public string? Reason { get; } = reason;
}
