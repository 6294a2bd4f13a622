namespace PrefectPS.Documents;

/// <summary>Which of the <see cref="DocumentKeys"/> an object has had: two readers of a document must never take two different ones.</summary>
internal struct SeenKeys
{
    private ulong _keys;

    /// <summary>Takes a key, by its index in <see cref="DocumentKeys.All"/>.</summary>
    /// <returns>Whether it is the first of its name.</returns>
    public bool Add(int index)
    {
        var key = 1UL << index;
        var isFirst = (_keys & key) == 0;
        _keys |= key;
        return isFirst;
    }
}
