using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Creates the completion results of names for a typed word.</summary>
internal static class Candidates
{
    private static readonly char[] Quotes = ['\'', '"'];

    /// <summary>The distinct names that start with the word, quoted if necessary.</summary>
    /// <param name="names">The names, in the order to show them in.</param>
    /// <param name="word">The typed word, with its opening quote if it has one.</param>
    public static IEnumerable<CompletionResult> Matching(IEnumerable<string> names, string word)
    {
        var start = Unquoted(word);
        return names.Where(name => name.Length > 0 && name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The typed word without its quotes.</summary>
    public static string Unquoted(string word) => word.Trim(Quotes).Replace("''", "'");

    private static string Quote(string name) =>
        IsPlain(name) ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";

    // PowerShell might parse anything else as a number, an operator or the end of the word.
    private static bool IsPlain(string name) =>
        (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
}
