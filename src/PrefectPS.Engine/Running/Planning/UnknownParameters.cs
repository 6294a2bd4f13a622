using System.Collections;
using PrefectPS.Results;

namespace PrefectPS.Running;

/// <summary>The parameters of a subflow that takes a result which nothing has made yet: their names are known, and who asks for a value comes to know that it is not.</summary>
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
