namespace PrefectPS.Tests.Shared;

/// <summary>How a pwsh ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
internal sealed record PowerShellExit(int Code, string Output, string Error)
{
    private const int TailLines = 20;

    /// <summary>The last lines of both.</summary>
    public string Tail => string.Join('\n', $"{Output}\n{Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(TailLines));
}
