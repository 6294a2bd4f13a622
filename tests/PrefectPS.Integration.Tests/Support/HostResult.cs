namespace PrefectPS.Integration.Tests.Support;

/// <summary>What a finished <c>prefectps</c> left behind; a line ends with <c>\n</c> on every system.</summary>
internal sealed record HostResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output without the empty ones around tables.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
