using System.Collections;
using PrefectPS.Results;

namespace PrefectPS.Running;

/// <summary>Parameters of a subflow that depend on a result that does not exist yet: names are known; reading a value throws.</summary>
internal sealed class UnknownParameters(IReadOnlyList<string> names) : IReadOnlyDictionary<string, object?>
{
    public int Count => names.Count;

    public IEnumerable<string> Keys => names;

    public IEnumerable<object?> Values => names.Select(name => this[name]);

    public object? this[string key] => throw new NotKnownYetException();

    public bool ContainsKey(string key) => names.Contains(key, StringComparer.OrdinalIgnoreCase);

    public bool TryGetValue(string key, out object? value)
    {
        value = null;
        return ContainsKey(key) && (value = this[key]) is not null;
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => names.Select(name => new KeyValuePair<string, object?>(name, this[name])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
