using System.Management.Automation;
using PrefectPS.Results;

namespace PrefectPS.Tasks;

/// <summary>The types of PowerShell that a value in a document can have.</summary>
internal static class LanguageTypes
{
    private const string Switch = "switch";
    private const string SemanticVersion = "semver";

    // PowerShell 7 has them, 5.1 has not.
    private static readonly Type? Semantic = typeof(PSObject).Assembly.GetType("System.Management.Automation.SemanticVersion");
    private static readonly Type? OrderedTable = typeof(PSObject).Assembly.GetType("System.Management.Automation.OrderedHashtable");

    /// <summary>All types of documents.</summary>
    public static KnownTypes All { get; } = new(Own());

    /// <summary>The same, with additional types.</summary>
    public static KnownTypes With(params KeyValuePair<string, Type>[] more) => new([.. Own(), .. more]);

    /// <summary>The tag and text of a plain value.</summary>
    public static bool TryWrite(object value, out string tag, out string text)
    {
        (tag, text) = value is SwitchParameter flag ? (Switch, flag.IsPresent ? "true" : "false")
            : value.GetType() == Semantic ? (SemanticVersion, value.ToString()!)
            : (string.Empty, string.Empty);
        return tag.Length > 0;
    }

    /// <summary>The plain value of a tag; null for an unknown tag.</summary>
    /// <exception cref="FormatException">The text is not valid for the tag.</exception>
    public static object? Read(string tag, string? text) => tag switch
    {
        Switch => new SwitchParameter(bool.TryParse(text, out var isPresent) ? isPresent : throw new FormatException("a switch is true or false")),
        SemanticVersion => LanguagePrimitives.TryConvertTo(text, Semantic, System.Globalization.CultureInfo.InvariantCulture, out var version) && version is not null
            ? version
            : throw new FormatException($"'{text}' is not a semantic version"),
        _ => null,
    };

    private static IEnumerable<KeyValuePair<string, Type>> Own()
    {
        yield return new("psobject", typeof(PSObject));
        yield return new(Switch, typeof(SwitchParameter));
        if (Semantic is not null)
            yield return new(SemanticVersion, Semantic);
        if (OrderedTable is not null)
            yield return new("orderedhashtable", OrderedTable);
    }
}
