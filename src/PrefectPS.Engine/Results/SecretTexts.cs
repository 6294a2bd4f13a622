using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security;
using System.Xml;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>
/// Collects the texts of a secret value: every string, number, note and key in it, line by line. Property names are not secret, nor are keys that look like names.
/// </summary>
internal sealed class SecretTexts
{
    /// <summary>How deep to look into objects that are not plain data.</summary>
    public const int ObjectDepth = 2;

    private const int MinBytes = 4;
    private const int MaxBytes = 4096; // a key or certificate; a message would not show longer ones

    private readonly IValueAdapter _adapter;
    private readonly HashSet<object> _seen = new(ReferenceComparer.Instance);
    private readonly List<string> _texts = [];

    private SecretTexts(IValueAdapter adapter) => _adapter = adapter;

    /// <summary>Collects the texts of a value.</summary>
    public static IReadOnlyList<string> Of(object? secret, IValueAdapter adapter)
    {
        var texts = new SecretTexts(adapter);
        texts.Add(secret, depth: 0, objects: 0);
        return texts._texts;
    }

    // Each object is visited once: shared parts can be reachable along exponentially many paths.
    private void Add(object? secret, int depth, int objects)
    {
        if (depth > Limits.MaxValueDepth || _adapter.Unwrap(secret) is not { } bare)
            return;
        if (!ReferenceEquals(bare, secret) && !_seen.Add(secret!))
            return;
        AddAll(_adapter.NotesOf(secret!).Select(note => note.Value), depth, objects);
        if (bare is ValueType || _seen.Add(bare))
            AddBare(bare, depth, objects);
    }

    private void AddBare(object value, int depth, int objects)
    {
        switch (value)
        {
            case bool:
                break;
            case string text:
                AddText(text);
                break;
            case byte[] bytes:
                if (bytes.Length is >= MinBytes and <= MaxBytes)
                    AddBytes(bytes);
                break;
            case FlowSecret shown:
                Add(shown.Reveal(), depth, objects);
                break;
            case SecureString secure:
                AddText(TextOf(secure));
                break;
            case { } keeper when _adapter.IsSecret(keeper):
                AddAll(_adapter.GetProperties(keeper).Select(property => property.Value).OfType<SecureString>(), depth, objects);
                break;
            case { } plain when TaggedScalars.TryWrite(plain, out _, out var written) || _adapter.TryWriteScalar(plain, out _, out written):
                if (bool.TryParse(written, out _))
                    break;
                AddText(written);
                AddShown(plain);
                break;
            case IFormattable and ValueType:
                AddShown(value);
                break;
            case { } known when _adapter.TextOf(known) is { } text:
                AddText(text);
                break;
            case IDictionary map:
                AddKeys(map.Keys, depth, objects);
                AddAll(map.Values, depth, objects);
                break;
            case IEnumerable items:
                AddAll(items, depth, objects);
                break;
            case { } other when _adapter.IsRecord(other):
                AddAll(_adapter.GetProperties(other).Select(property => property.Value), depth, objects);
                break;
            case { } other when objects < ObjectDepth:
                AddAll(_adapter.GetProperties(other).Select(property => property.Value), depth, objects + 1);
                break;
        }
    }

    private void AddAll(IEnumerable values, int depth, int objects)
    {
        foreach (var value in values)
            Add(value, depth + 1, objects);
    }

    private void AddKeys(IEnumerable keys, int depth, int objects)
    {
        foreach (var key in keys)
        {
            if (_adapter.Unwrap(key) is not (string or ValueType))
            {
                Add(key, depth + 1, objects);
                continue;
            }

            AddAll(_adapter.NotesOf(key).Select(note => note.Value), depth + 1, objects);
            var first = _texts.Count;
            AddBare(_adapter.Unwrap(key)!, depth + 1, objects);
            for (var i = _texts.Count - 1; i >= first; i--)
            {
                if (LooksLikeName(_texts[i]))
                    _texts.RemoveAt(i);
            }
        }
    }

    private static bool LooksLikeName(string key) => key.Length < SecretPatterns.SafeLength || key.All(c => char.IsLetter(c) || c == '_');

    // Messages may show a scalar in other formats than the serialized one.
    private void AddShown(object plain)
    {
        if (plain is IFormattable value and ValueType)
        {
            AddText(value.ToString(null, CultureInfo.InvariantCulture));
            AddText(value.ToString(null, CultureInfo.CurrentCulture));
        }
        else if (plain is Uri { IsAbsoluteUri: true } address)
        {
            foreach (var part in new[] { address.AbsoluteUri, address.UserInfo, address.Query.TrimStart('?') })
                AddText(part);
        }
        else if (plain is XmlNode node)
        {
            foreach (XmlNode text in node.SelectNodes("//text() | //@*")!)
                AddText(text.Value!);
        }
        else
        {
            AddText(plain.ToString()!);
        }
    }

    private void AddBytes(byte[] bytes)
    {
        AddText(Convert.ToBase64String(bytes));
        AddText(BitConverter.ToString(bytes));
        AddText(HashText.Of(bytes));
        AddText(HashText.Of(bytes).ToUpperInvariant());
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
