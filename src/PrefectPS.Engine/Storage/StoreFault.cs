namespace PrefectPS.Storage;

/// <summary>Reason for the failure of a store or channel operation.</summary>
/// <param name="Reason">The reason: a sentence without its full stop and without secrets.</param>
/// <param name="IsTransient">True if the same operation may succeed later.</param>
/// <param name="Cause">The exception behind it, if free of secrets.</param>
public sealed record StoreFault(string Reason, bool IsTransient, Exception? Cause = null)
{
    /// <summary>The error code of Windows for a file that another process has open.</summary>
    internal const int SharingViolation = 32;

    private const int LockViolation = 33;

    // EAGAIN, which .NET reports for a file held by another process, on Linux and macOS.
    private const int TryAgainLinux = 11;
    private const int TryAgainMac = 35;

    /// <summary>True if another process has the file open at the moment.</summary>
    internal static bool IsFileInUse(Exception e) =>
        e is IOException && (e.HResult & 0xFFFF) is SharingViolation or LockViolation or TryAgainLinux or TryAgainMac;

    /// <summary>The fault of an exception of the file system; null for another exception.</summary>
    public static StoreFault? OfFile(Exception e) =>
        e is IOException or UnauthorizedAccessException ? new(e.Message.TrimEnd('.'), IsFileInUse(e), e) : null;

    /// <summary>The fault of an exception on the way to a service (name, connection, answer); null for another exception.</summary>
    public static StoreFault? OfNetwork(Exception e) =>
        e is HttpRequestException or IOException or TimeoutException or OperationCanceledException
            ? new($"it cannot be reached: {Innermost(e).Message.TrimEnd('.')}", IsTransient: true)
            : null;

    /// <summary>The fault of a service that did not answer in time.</summary>
    public static StoreFault NoAnswer(TimeSpan time) => new($"it did not answer within {time.TotalSeconds} seconds", IsTransient: true);

    /// <summary>The fault of a content that ended early.</summary>
    internal static StoreFault Truncated(long read, long length) => new($"its content ended after {read} of {length} bytes", IsTransient: true);

    // A timeout is more informative than the cancellation it caused.
    private static Exception Innermost(Exception e) => e is not TimeoutException && e.InnerException is { } inner ? Innermost(inner) : e;
}
