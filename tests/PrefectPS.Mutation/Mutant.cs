namespace PrefectPS.Mutation;

/// <summary>One small change to the engine's source.</summary>
/// <param name="File">The file, relative to the repository.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Span">What is replaced in the file's text.</param>
/// <param name="Change">What is changed, for a person to read.</param>
/// <param name="Replace">Makes the new text of a condition that says whether the mutant is active, and of the text as it is.</param>
internal sealed record Mutant(string File, int Line, Microsoft.CodeAnalysis.Text.TextSpan Span, string Change, Func<string, string, string> Replace)
{
    /// <summary>It is in the initializer of something static, which runs once in a process.</summary>
    public bool IsOnce { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {Change}";
}
