namespace PrefectPS.Commands;

/// <summary>Addresses that the session has used, by the names of what they led to, which hold no secrets.</summary>
internal sealed class UsedAddresses
{
    private const int MaxCount = 100;

    private readonly List<string> _names = [];

    private UsedAddresses()
    {
    }

    /// <summary>Those of stores.</summary>
    public static UsedAddresses Stores { get; } = new();

    /// <summary>Those of channels.</summary>
    public static UsedAddresses Channels { get; } = new();

    /// <summary>The addresses, the one used last first.</summary>
    public IReadOnlyList<string> NewestFirst
    {
        get
        {
            lock (_names)
                return [.. Enumerable.Reverse(_names)];
        }
    }

    /// <summary>Notes that one is used.</summary>
    public void Note(string name)
    {
        lock (_names)
        {
            _names.Remove(name);
            _names.Add(name);
            if (_names.Count > MaxCount)
                _names.RemoveAt(0);
        }
    }
}
