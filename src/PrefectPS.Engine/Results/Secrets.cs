using System.Collections;

namespace PrefectPS.Results;

/// <summary>Finds what must never be written: a secret anywhere in what <see cref="ValueWriter"/> would write of a value.</summary>
internal static class Secrets
{
    /// <summary>Whether a value is a secret or holds one.</summary>
    public static bool In(object? value, IValueAdapter adapter) => In(value, adapter, depth: 0, objects: 0);

    private static bool In(object? value, IValueAdapter adapter, int depth, int objects)
    {
        if (depth > ValueWriter.MaxDepth)
            return false; // the writer will refuse it
        return adapter.Unwrap(value) switch
        {
            null or string or ValueType or byte[] or Uri or Version => false,
            { } secret when adapter.IsSecret(secret) => true,
            IDictionary map => map.Keys.Cast<object?>().Concat(map.Values.Cast<object?>()).Any(item => In(item, adapter, depth + 1, objects)),
            IEnumerable items => items.Cast<object?>().Any(item => In(item, adapter, depth + 1, objects)),
            { } other => objects < ValueWriter.ObjectDepth && adapter.GetProperties(other).Any(p => In(p.Value, adapter, depth + 1, objects + 1)),
        };
    }
}
