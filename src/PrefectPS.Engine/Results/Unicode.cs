namespace PrefectPS.Results;

/// <summary>Detects and replaces lone surrogates, which PowerShell strings may contain and UTF-8 cannot represent.</summary>
internal static class Unicode
{
    private const char Replacement = '\uFFFD';

    /// <summary>True if the text has no lone surrogate.</summary>
    public static bool IsWellFormed(string text) => IndexOfHalf(text, 0) < 0;

    /// <summary>Replaces each lone surrogate by the replacement character.</summary>
    public static string ReplaceLoneSurrogates(string text)
    {
        var index = IndexOfHalf(text, 0);
        if (index < 0)
            return text;
        var mended = text.ToCharArray();
        for (; index >= 0; index = IndexOfHalf(text, index + 1))
            mended[index] = Replacement;
        return new(mended);
    }

    private static int IndexOfHalf(string text, int start)
    {
#if !NETSTANDARD
        var first = text.AsSpan(start).IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
            return -1;
        start += first;
#endif
        for (var i = start; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else
                return i;
        }

        return -1;
    }
}
