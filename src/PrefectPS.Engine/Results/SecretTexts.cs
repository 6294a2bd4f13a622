using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;

namespace PrefectPS.Results;

/// <summary>The texts of a secret value: every text and number in it, and each line of a text.</summary>
internal sealed class SecretTexts
{
    private readonly IValueAdapter _adapter;
    private readonly List<string> _texts = [];

    private SecretTexts(IValueAdapter adapter) => _adapter = adapter;

    /// <summary>The texts of a value.</summary>
    public static IReadOnlyList<string> Of(object? secret, IValueAdapter adapter)
    {
        var texts = new SecretTexts(adapter);
        texts.Add(secret, depth: 0, objects: 0);
        return texts._texts;
    }

    private void Add(object? secret, int depth, int objects)
    {
        if (depth > Limits.MaxValueDepth)
            return;
        switch (_adapter.Unwrap(secret))
        {
            case null or bool or byte[]:
                break;
            case string text:
                AddText(text);
                break;
            case FlowSecret shown:
                Add(shown.Reveal(), depth, objects);
                break;
            case SecureString secure:
                AddText(TextOf(secure));
                break;
            case IFormattable value and ValueType:
                AddText(value.ToString(null, CultureInfo.InvariantCulture));
                AddText(value.ToString(null, CultureInfo.CurrentCulture));
                break;
            case { } keeper when _adapter.IsSecret(keeper):
                AddAll(_adapter.GetProperties(keeper).Select(property => property.Value).OfType<SecureString>(), objects);
                break;
            case { } known when _adapter.TextOf(known) is { } text:
                AddText(text);
                break;
            case IDictionary map:
                AddAll(map.Values, objects);
                break;
            case IEnumerable items:
                AddAll(items, objects);
                break;
            case { } other when _adapter.IsRecord(other):
                AddAll(_adapter.GetProperties(other).Select(property => property.Value), objects);
                break;
            case { } other when objects < ValueWriter.ObjectDepth:
                AddAll(_adapter.GetProperties(other).Select(property => property.Value), objects + 1);
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
                _texts.Add(secret);
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
