namespace PrefectPS.Host;

/// <summary>The statuses the host itself gives; a script gives any other with <c>exit</c>.</summary>
internal static class ExitCode
{
    /// <summary>The script came to its end.</summary>
    public const int Success = 0;

    /// <summary>An error ended the script.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong or names no script (EX_USAGE).</summary>
    public const int Usage = 64;

    /// <summary>Standard output could not be written (EX_IOERR).</summary>
    public const int OutputFailed = 74;

    /// <summary>The status a shell reports for a process that the given Unix signal ended.</summary>
    public static int ForSignal(int signal) => 128 + signal;
}
