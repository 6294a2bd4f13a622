using System.Text;

namespace PrefectPS.Results;

/// <summary>Takes secrets out of texts, as they are and encoded: the message of an error often repeats the value that it is about.</summary>
/// <param name="adapter">Takes values apart.</param>
internal sealed class SecretMask(IValueAdapter adapter)
{
    /// <summary>What is written for a secret.</summary>
    public const string Mark = "(secret)";

    private readonly List<SecretForms> _secrets = [];

    /// <summary>Adds a value that is a secret: every text and number in it, and each line of a text.</summary>
    public void Add(object? secret) => Add(SecretForms.Of(secret, adapter));

    /// <summary>Adds the forms of a secret.</summary>
    public void Add(SecretForms secret) => _secrets.Add(secret);

    /// <summary>The text without the secrets; itself where there are none in it.</summary>
    public string? Hide(string? text)
    {
        if (text is null || _secrets.Count == 0)
            return text;
        var found = new List<(int Start, int End)>();
        foreach (var secret in _secrets)
            secret.Find(text, found);
        return found.Count == 0 ? text : Replace(text, found);
    }

    // What overlaps is one: of two secrets, one of which is a part of the other, nothing may be left.
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
