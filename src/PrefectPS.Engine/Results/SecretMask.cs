using System.Text;

namespace PrefectPS.Results;

/// <summary>Masks secrets in texts, plain and encoded; error messages often repeat the offending value.</summary>
/// <param name="adapter">Inspects values.</param>
internal sealed class SecretMask(IValueAdapter adapter)
{
    /// <summary>The replacement of a secret.</summary>
    public const string Mark = "(secret)";

    private readonly List<SecretPatterns> _secrets = [];

    /// <summary>Masks a secret: every string and number in it, and each line.</summary>
    public void Add(object? secret) => Add(SecretPatterns.Of(secret, adapter));

    /// <summary>Masks a secret by its patterns.</summary>
    public void Add(SecretPatterns secret) => _secrets.Add(secret);

    /// <summary>Masks the secrets in a text; returns the same instance where there are none.</summary>
    public string? Hide(string? text)
    {
        if (text is null || _secrets.Count == 0)
            return text;
        var found = new List<(int Start, int End)>();
        foreach (var secret in _secrets)
            secret.Find(text, found);
        return found.Count == 0 ? text : Replace(text, found);
    }

    // Overlapping matches are merged, so that nothing is left of a secret that contains another.
    private static string Replace(string text, List<(int Start, int End)> found)
    {
        found.Sort();
        var hidden = new StringBuilder(text.Length);
        var done = 0;
        for (var i = 0; i < found.Count;)
        {
            var (start, end) = found[i];
            for (i++; i < found.Count && found[i].Start < end; i++)
                end = Math.Max(end, found[i].End);
            hidden.Append(text, done, start - done).Append(Mark);
            done = end;
        }

        return hidden.Append(text, done, text.Length - done).ToString();
    }
}
