namespace PrefectPS.Help;

/// <summary>What is wrong with a page, and where.</summary>
/// <param name="File">The page.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">What is wrong, and what to do.</param>
internal sealed record Fault(string File, int Line, string Message)
{
    /// <summary>The form in which MSBuild knows an error and the place it is at.</summary>
    public override string ToString() => $"{File}({Line}): error HELP: {Message}";
}
