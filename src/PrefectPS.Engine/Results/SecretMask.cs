using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace PrefectPS.Results;

/// <summary>Takes secrets out of texts: the message of an error often repeats the value that it is about.</summary>
/// <param name="adapter">Takes values apart.</param>
internal sealed class SecretMask(IValueAdapter adapter)
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mark = "(secret)";

    private const int ShortLength = 4; // a shorter text is a secret only where it stands alone, not in the middle of a word
    private HashSet<string>? _texts;

    /// <summary>Adds a value that is a secret: every text and number in it, and each line of a text.</summary>
    public void Add(object? secret) => Add(secret, depth: 0, objects: 0);

    /// <summary>The text without the secrets; itself where there are none in it.</summary>
    public string? Hide(string? text)
    {
        if (text is null || _texts is null)
            return text;
        string[] longestFirst = [.. _texts.OrderByDescending(secret => secret.Length)];
        StringBuilder? hidden = null;
        var done = 0;
        for (var at = 0; at < text.Length;)
        {
            if (Array.Find(longestFirst, secret => IsAt(text, at, secret)) is not { } found)
            {
                at++;
                continue;
            }

            (hidden ??= new()).Append(text, done, at - done).Append(Mark);
            done = at += found.Length;
        }

        return hidden is null ? text : hidden.Append(text, done, text.Length - done).ToString();
    }

    private static bool IsAt(string text, int at, string secret) =>
        string.CompareOrdinal(text, at, secret, 0, secret.Length) == 0
        && (secret.Length >= ShortLength || (!IsInWord(text, at - 1) && !IsInWord(text, at + secret.Length)));

    private static bool IsInWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);

    private void Add(object? secret, int depth, int objects)
    {
        if (depth > Limits.MaxValueDepth)
            return;
        switch (adapter.Unwrap(secret))
        {
            case null or bool or byte[]:
                break;
            case string text:
                AddText(text);
                break;
            case SecureString secure:
                AddText(TextOf(secure));
                break;
            case IFormattable value and ValueType:
                AddText(value.ToString(null, CultureInfo.InvariantCulture));
                AddText(value.ToString(null, CultureInfo.CurrentCulture));
                break;
            case { } keeper when adapter.IsSecret(keeper):
                AddAll(adapter.GetProperties(keeper).Select(property => property.Value).OfType<SecureString>(), objects);
                break;
            case { } known when adapter.TextOf(known) is { } text:
                AddText(text);
                break;
            case IDictionary map:
                AddAll(map.Values, objects);
                break;
            case IEnumerable items:
                AddAll(items, objects);
                break;
            case { } other when adapter.IsRecord(other):
                AddAll(adapter.GetProperties(other).Select(property => property.Value), objects);
                break;
            case { } other when objects < ValueWriter.ObjectDepth:
                AddAll(adapter.GetProperties(other).Select(property => property.Value), objects + 1);
                break;
        }

        void AddAll(IEnumerable values, int above)
        {
            foreach (var value in values)
                Add(value, depth + 1, above);
        }
    }

    private void AddText(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Trim() is { Length: > 0 } secret)
                (_texts ??= new(StringComparer.Ordinal)).Add(secret);
        }
    }

    private static string TextOf(SecureString secret)
    {
        var copy = Marshal.SecureStringToBSTR(secret);
        try
        {
            return Marshal.PtrToStringBSTR(copy);
        }
        finally
        {
            Marshal.ZeroFreeBSTR(copy);
        }
    }
}
