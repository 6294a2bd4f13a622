using System.Globalization;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Says what is wrong with a name that a definition gives: it is to be written, read again and shown as it is.</summary>
internal static class DefinedName
{
    private const int MaxShown = 80;

    /// <summary>What is wrong with it, as the end of a sentence; null for nothing.</summary>
    /// <param name="name">The name.</param>
    /// <param name="maxLength">How many characters it may have.</param>
    public static string? FaultIn(string name, int maxLength = Limits.MaxNameLength) =>
        string.IsNullOrWhiteSpace(name) ? "is empty"
        : name.Length > maxLength ? $"has {Number(name.Length)} characters, and a name can have at most {Number(maxLength)}"
        : name.Any(char.IsControl) ? "has a control character"
        : !Unicode.IsWhole(name) ? "contains an unpaired surrogate"
        : null;

    /// <summary>A name with something wrong, as an error shows it.</summary>
    public static string Show(string name) =>
        string.Concat((name.Length > MaxShown ? $"{name.Substring(0, MaxShown)}…" : name).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
