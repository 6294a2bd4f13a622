using System.Globalization;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Validates names of flows, tasks, tags and parameters: they must survive being written, read and displayed.</summary>
public static class DefinedName
{
    private const int MaxShown = 80;

    /// <summary>Describes the fault of a name, as a predicate: "is empty"; null if it is valid.</summary>
    /// <param name="name">The name.</param>
    /// <param name="maxLength">Maximum length in characters.</param>
    public static string? FaultIn(string name, int maxLength = Limits.MaxNameLength) =>
        string.IsNullOrWhiteSpace(name) ? "is empty"
        : name.Length > maxLength ? $"has {Number(name.Length)} characters, and a name can have at most {Number(maxLength)}"
        : name.Any(char.IsControl) ? "has a control character"
        : !Unicode.IsWellFormed(name) ? "contains an unpaired surrogate"
        : null;

    /// <summary>Makes an invalid name safe to show in an error: shortened, control characters replaced.</summary>
    internal static string Show(string name) =>
        string.Concat((name.Length > MaxShown ? $"{name.Substring(0, MaxShown)}…" : name).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
