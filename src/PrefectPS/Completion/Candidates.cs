using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Makes of names what completion shows for what was typed of one.</summary>
internal static class Candidates
{
    private static readonly char[] Quotes = ['\'', '"'];

    /// <summary>The names that begin as the word does, each once, in quotes where it needs them.</summary>
    /// <param name="names">The names, in the order to show them in.</param>
    /// <param name="word">What was typed, with its opening quote where it has one.</param>
    public static IEnumerable<CompletionResult> Matching(IEnumerable<string> names, string word)
    {
        var start = Unquoted(word);
        return names.Where(name => name.Length > 0 && name.StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>What was typed, as it is without its quotes.</summary>
    public static string Unquoted(string word) => word.Trim(Quotes).Replace("''", "'");

    private static string Quote(string name) =>
        IsPlain(name) ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";

    // Anything else might be a number, an operator or an end of the word to PowerShell.
    private static bool IsPlain(string name) =>
        (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.');
}
