using System.Collections;

namespace PrefectPS.Results;

/// <summary>Looks for an object in what <see cref="ValueWriter"/> would write of a value.</summary>
internal static class ValueSearch
{
    /// <summary>Whether a value is what is looked for, or holds it. Texts, numbers, dates and the like are not looked at.</summary>
    public static bool Any(object? value, IValueAdapter adapter, Func<object, bool> match) => Any(value, adapter, match, depth: 0, objects: 0);

    /// <summary>Whether a value is of a kind that is not looked at.</summary>
    public static bool IsPlain(object? value) => value is null or string or ValueType or Uri or Version or FileSystemInfo;

    private static bool Any(object? value, IValueAdapter adapter, Func<object, bool> match, int depth, int objects)
    {
        if (depth > ValueWriter.MaxDepth)
            return false; // the writer will refuse it
        return adapter.Unwrap(value) switch
        {
            var plain when IsPlain(plain) => false,
            { } found when match(found) => true,
            byte[] => false,
            { } text when adapter.TextOf(text) is not null => false,
            IDictionary map => AnyOf(map.Keys, objects) || AnyOf(map.Values, objects),
            IEnumerable items => AnyOf(items, objects),
            System.Data.DataTable table => AnyOf(table.Rows, objects),
            { } record when adapter.IsRecord(record) => AnyOf(ValuesOf(record), objects),
            { } other => objects < ValueWriter.ObjectDepth && AnyOf(ValuesOf(other), objects + 1),
            null => false,
        };

        IEnumerable<object?> ValuesOf(object of) => (ObjectShapes.PropertiesOf(of) ?? adapter.GetProperties(of)).Select(property => property.Value);

        bool AnyOf(IEnumerable items, int above)
        {
            foreach (var item in items)
            {
                if (Any(item, adapter, match, depth + 1, above))
                    return true;
            }

            return false;
        }
    }
}
