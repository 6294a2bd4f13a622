namespace PrefectPS.Documents;

/// <summary>Detects duplicate keys of a JSON object, which two readers could resolve differently.</summary>
internal struct SeenKeys
{
    private const int BitsPerWord = 64;

    private ulong _first; // enough for almost every object, without allocation
    private ulong[]? _others;

    /// <summary>Adds a key, by its index in <see cref="JsonTokens"/>' table of names.</summary>
    /// <returns>False for a duplicate.</returns>
    public bool Add(int index) => index < BitsPerWord ? Add(ref _first, index) : Add(ref OtherWord(index / BitsPerWord - 1), index % BitsPerWord);

    private static bool Add(ref ulong word, int bit)
    {
        var key = 1UL << bit;
        var isNew = (word & key) == 0;
        word |= key;
        return isNew;
    }

    private ref ulong OtherWord(int word)
    {
        if (_others is null || _others.Length <= word)
            Array.Resize(ref _others, word + 1);
        return ref _others![word];
    }
}
