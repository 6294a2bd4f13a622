namespace PrefectPS.Flows;

/// <summary>A bit set of task indexes.</summary>
/// <param name="count">Number of tasks of the flow.</param>
internal sealed class TaskSet(int count)
{
    private const int BitsPerWord = 64;

    private readonly ulong[] _words = new ulong[(count + BitsPerWord - 1) / BitsPerWord];

    /// <summary>Adds a task.</summary>
    public void Add(int task) => _words[task / BitsPerWord] |= 1UL << (task % BitsPerWord);

    /// <summary>The task indexes, ascending.</summary>
    public IEnumerable<int> Tasks()
    {
        for (var i = 0; i < _words.Length; i++)
        {
            var word = _words[i];
            for (var bit = 0; word != 0; bit++, word >>= 1)
            {
                if ((word & 1) != 0)
                    yield return (i * BitsPerWord) + bit;
            }
        }
    }
}
