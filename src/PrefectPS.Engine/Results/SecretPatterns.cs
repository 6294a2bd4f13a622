namespace PrefectPS.Results;

/// <summary>Finds a secret in texts: each string, number and line in it, plain and encoded.</summary>
internal sealed class SecretPatterns
{
    /// <summary>The length from which a secret is found anywhere; shorter texts match too much else.</summary>
    public const int SafeLength = 6;

    private static readonly SecretPatterns None = new([]);

    private const int PrefixLength = 4; // shorter texts match whole words only

    private readonly Dictionary<ulong, List<string>> _byPrefix = [];
    private readonly Dictionary<ulong, List<string>> _base64ByPrefix = [];
    private readonly HashSet<string> _short = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private SecretPatterns(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (!_known.Add(text))
                continue;
            HasShort |= text.Length < SafeLength;
            if (text.Length < PrefixLength)
                _short.Add(text);
            else
                Add(_byPrefix, text);
            if (text.Length < SafeLength)
                continue;
            foreach (var encoded in SecretEncodings.Of(text))
                Add(_byPrefix, encoded);
            foreach (var part in SecretEncodings.Base64Of(text))
                Add(_base64ByPrefix, part);
        }
    }

    /// <summary>True if any text is too short to be found everywhere.</summary>
    public bool HasShort { get; }

    /// <summary>Creates the patterns of a secret.</summary>
    public static SecretPatterns Of(object? secret, IValueAdapter adapter) => new(SecretTexts.Of(secret, adapter));

    /// <summary>Creates the patterns of the secrets inside a value; none for most values.</summary>
    public static SecretPatterns InsideOf(object? value, IValueAdapter adapter)
    {
        if (ValueSearch.IsPlain(value))
            return None;
        var secrets = new List<object>();
        try
        {
            ValueSearch.Any(value, adapter, found =>
            {
                if (adapter.IsSecret(found))
                    secrets.Add(found);
                return false; // there may be more
            });
        }
        catch (FlowException)
        {
            // What cannot be inspected is not written either.
        }

        return secrets.Count == 0 ? None : Of(secrets, adapter);
    }

    /// <summary>Adds the ranges of a text that hold the secret, including one cut off by truncation.</summary>
    public void Find(string text, List<(int Start, int End)> found)
    {
        if (_known.Count == 0)
            return;
        for (var at = 0; at + PrefixLength <= text.Length; at++)
        {
            var prefix = PrefixOf(text, at);
            if (LongestAt(_byPrefix, prefix, text, at) is { } secret)
                found.Add((at, at + secret.Length));
            if (LongestAt(_base64ByPrefix, prefix, text, at) is { } part)
                found.Add(Whole(text, at, at + part.Length));
        }

        foreach (var secret in _short)
        {
            for (var at = text.IndexOf(secret, StringComparison.Ordinal); at >= 0; at = text.IndexOf(secret, at + 1, StringComparison.Ordinal))
            {
                if (!IsInWord(text, at - 1) && !IsInWord(text, at + secret.Length))
                    found.Add((at, at + secret.Length));
            }
        }

        if (TruncatedText.CutAt(text) is var end and >= 0)
            FindCutOff(text, end, found);
    }

    // A prefix of a secret, at least two characters, before the truncation marker.
    private void FindCutOff(string text, int end, List<(int Start, int End)> found)
    {
        foreach (var secret in _byPrefix.Values.Concat(_base64ByPrefix.Values).SelectMany(secrets => secrets))
        {
            for (var length = Math.Min(secret.Length - 1, end); length >= 2; length--)
            {
                if (string.CompareOrdinal(text, end - length, secret, 0, length) != 0)
                    continue;
                found.Add((end - length, end));
                break;
            }
        }
    }

    private static void Add(Dictionary<ulong, List<string>> patterns, string pattern)
    {
        var prefix = PrefixOf(pattern, 0);
        if (!patterns.TryGetValue(prefix, out var same))
            patterns.Add(prefix, same = []);
        if (!same.Contains(pattern))
            same.Add(pattern);
    }

    private static ulong PrefixOf(string text, int at) =>
        ((ulong)text[at] << 48) | ((ulong)text[at + 1] << 32) | ((ulong)text[at + 2] << 16) | text[at + 3];

    private static string? LongestAt(Dictionary<ulong, List<string>> patterns, ulong prefix, string text, int at)
    {
        if (!patterns.TryGetValue(prefix, out var candidates))
            return null;
        string? longest = null;
        foreach (var pattern in candidates)
        {
            if (pattern.Length > (longest?.Length ?? 0) && string.CompareOrdinal(text, at, pattern, 0, pattern.Length) == 0)
                longest = pattern;
        }

        return longest;
    }

    // Only the middle of the Base64 is certain; the digits around it may reveal the rest, so the whole run is hidden.
    private static (int Start, int End) Whole(string text, int start, int end)
    {
        while (start > 0 && IsBase64(text[start - 1]))
            start--;
        while (end < text.Length && IsBase64(text[end]))
            end++;
        return (start, end);
    }

    private static bool IsBase64(char c) => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '+' or '/' or '-' or '_' or '=';

    private static bool IsInWord(string text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);
}
