namespace PrefectPS.Storage;

/// <summary>Reason for the failure of a store operation.</summary>
/// <param name="Reason">The reason, in a sentence without its full stop, free of secrets.</param>
/// <param name="IsTransient">Whether the same operation may succeed later.</param>
/// <param name="Cause">The exception behind it, if free of secrets.</param>
internal sealed record StoreFault(string Reason, bool IsTransient, Exception? Cause = null)
{
    /// <summary>Windows error for a file opened by someone else.</summary>
    public const int SharingViolation = 32;

    private const int LockViolation = 33;

    // EAGAIN, which .NET reports for a file held by another process, on Linux and macOS.
    private const int TryAgainLinux = 11;
    private const int TryAgainMac = 35;

    /// <summary>True if a file is only temporarily in use by someone else.</summary>
    public static bool IsFileInUse(Exception e) =>
        e is IOException && (e.HResult & 0xFFFF) is SharingViolation or LockViolation or TryAgainLinux or TryAgainMac;

    /// <summary>A fault of the file system; null if the exception is not one.</summary>
    public static StoreFault? OfFile(Exception e) =>
        e is IOException or UnauthorizedAccessException ? new(e.Message.TrimEnd('.'), IsFileInUse(e), e) : null;

    /// <summary>A network fault: no name, no connection, no response; null if the exception is not one.</summary>
    public static StoreFault? OfNetwork(Exception e) =>
        e is HttpRequestException or IOException or TimeoutException or OperationCanceledException
            ? new($"it cannot be reached: {Innermost(e).Message.TrimEnd('.')}", IsTransient: true)
            : null;

    /// <summary>A timeout of a service.</summary>
    public static StoreFault NoAnswer(TimeSpan time) => new($"it did not answer within {time.TotalSeconds} seconds", IsTransient: true);

    /// <summary>Truncated content.</summary>
    public static StoreFault Truncated(long read, long length) => new($"its content ended after {read} of {length} bytes", IsTransient: true);

    // A timeout is more informative than the cancellation it caused.
    private static Exception Innermost(Exception e) => e is not TimeoutException && e.InnerException is { } inner ? Innermost(inner) : e;
}
