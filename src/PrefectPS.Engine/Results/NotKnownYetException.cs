namespace PrefectPS.Results;

/// <summary>What is asked for is known only once bodies have run, or code of the user's own was asked: a step that is only planned does neither.</summary>
/// <param name="reason">Why it is not known; null where that is a result that nothing has made yet.</param>
internal sealed class NotKnownYetException(string? reason = null) : Exception(reason ?? "The result does not exist yet.")
{
    /// <summary>Why it is not known; null where that is a result that nothing has made yet.</summary>
    public string? Reason { get; } = reason;
}
