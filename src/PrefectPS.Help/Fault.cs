namespace PrefectPS.Help;

/// <summary>A fault in a page.</summary>
/// <param name="File">The page.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Message">The fault and its remedy.</param>
internal sealed record Fault(string File, int Line, string Message)
{
    /// <summary>Formats as an MSBuild error.</summary>
    public override string ToString() => $"{File}({Line}): error HELP: {Message}";
}
