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
            null or string or ValueType or byte[] or Uri or Version or FileSystemInfo => false,
            { } secret when adapter.IsSecret(secret) => true,
            { } text when adapter.TextOf(text) is not null => false,
            IDictionary map => Any(map.Keys, objects) || Any(map.Values, objects),
            IEnumerable items => Any(items, objects),
            System.Data.DataTable table => Any(table.Rows, objects),
            { } record when adapter.IsRecord(record) => Any(ValuesOf(record), objects),
            { } other => objects < ValueWriter.ObjectDepth && Any(ValuesOf(other), objects + 1),
        };

        IEnumerable<object?> ValuesOf(object of) => (ObjectShapes.PropertiesOf(of) ?? adapter.GetProperties(of)).Select(property => property.Value);

        bool Any(IEnumerable items, int above)
        {
            foreach (var item in items)
            {
                if (In(item, adapter, depth + 1, above))
                    return true;
            }

            return false;
        }
    }
}
