namespace PrefectPS.Storage;

/// <summary>Why an operation of a store failed.</summary>
/// <param name="Reason">The reason, in a sentence without its full stop, free of secrets.</param>
/// <param name="IsTransient">Whether the same operation may succeed later.</param>
/// <param name="Cause">The exception behind it, where that holds no secret.</param>
public sealed record StoreFault(string Reason, bool IsTransient, Exception? Cause = null)
{
    /// <summary>The error of Windows for a file that someone else has open.</summary>
    internal const int SharingViolation = 32;

    private const int LockViolation = 33;

    // EAGAIN, by which .NET tells of a file that another process holds: on Linux and on macOS.
    private const int TryAgainLinux = 11;
    private const int TryAgainMac = 35;

    /// <summary>Whether a file is only held by someone else at the moment.</summary>
    internal static bool IsFileInUse(Exception e) =>
        e is IOException && (e.HResult & 0xFFFF) is SharingViolation or LockViolation or TryAgainLinux or TryAgainMac;

    /// <summary>A fault of the file system. Null where the exception is none.</summary>
    internal static StoreFault? OfFile(Exception e) =>
        e is IOException or UnauthorizedAccessException ? new(e.Message.TrimEnd('.'), IsFileInUse(e), e) : null;

    /// <summary>A fault on the way to a service: no name, no connection, no answer. Null where the exception is none.</summary>
    public static StoreFault? OfNetwork(Exception e) =>
        e is HttpRequestException or IOException or TimeoutException or OperationCanceledException
            ? new($"it cannot be reached: {Innermost(e).Message.TrimEnd('.')}", IsTransient: true)
            : null;

    /// <summary>A service that did not answer in time.</summary>
    internal static StoreFault NoAnswer(TimeSpan time) => new($"it did not answer within {time.TotalSeconds} seconds", IsTransient: true);

    /// <summary>A content that ended before its end.</summary>
    internal static StoreFault Truncated(long read, long length) => new($"its content ended after {read} of {length} bytes", IsTransient: true);

    // A time limit says more than what it cut off.
    private static Exception Innermost(Exception e) => e is not TimeoutException && e.InnerException is { } inner ? Innermost(inner) : e;
}
