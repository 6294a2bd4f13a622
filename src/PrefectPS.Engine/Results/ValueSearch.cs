using System.Collections;

namespace PrefectPS.Results;

/// <summary>Looks for an object in what <see cref="ValueWriter"/> would write of a value.</summary>
internal static class ValueSearch
{
    /// <summary>Whether a value is what is looked for, or holds it. Texts, numbers, dates and the like are not looked at.</summary>
    public static bool Any(object? value, IValueAdapter adapter, Func<object, bool> match)
    {
        try
        {
            return Any(value, adapter, match, depth: 0, objects: 0);
        }
        catch (ValueFaultException e)
        {
            throw FlowErrors.ValueNotWritable(e);
        }
    }

    /// <summary>Whether a value is of a kind that is not looked at.</summary>
    public static bool IsPlain(object? value) => value is null or string or ValueType or Uri or Version or FileSystemInfo;

    private static bool Any(object? value, IValueAdapter adapter, Func<object, bool> match, int depth, int objects)
    {
        if (depth > Limits.MaxValueDepth)
            return false; // the writer will refuse it
        return adapter.Unwrap(value) switch
        {
            var plain when IsPlain(plain) => false,
            { } found when match(found) => true,
            byte[] or Task { IsCompleted: false } => false,
            { } text when adapter.TextOf(text) is not null => false,
            IDictionary map => AnyOf(map.Keys, objects) || AnyOf(map.Values, objects),
            IEnumerable items => AnyOf(items, objects),
            System.Data.DataTable table => AnyOf(table.Rows, objects),
            { } record when adapter.IsRecord(record) => AnyPart(record, objects),
            { } other => objects < ValueWriter.ObjectDepth && AnyPart(other, objects + 1),
            null => false,
        };

        bool AnyPart(object of, int above)
        {
            foreach (var property in ObjectShapes.PropertiesOf(of) ?? adapter.GetProperties(of))
            {
                if (AnyIn(property.Value, above, property.Key))
                    return true;
            }

            return false;
        }

        bool AnyOf(IEnumerable items, int above)
        {
            var index = 0;
            try
            {
                foreach (var item in items)
                {
                    if (Any(item, adapter, match, depth + 1, above))
                        return true;
                    index++;
                }
            }
            catch (Exception e) when (ValueFaultException.Is(e))
            {
                throw ValueFaultException.Of(e).Within(index);
            }

            return false;
        }

        bool AnyIn(object? part, int above, string name)
        {
            try
            {
                return Any(part, adapter, match, depth + 1, above);
            }
            catch (Exception e) when (ValueFaultException.Is(e))
            {
                throw ValueFaultException.Of(e).Within("." + name);
            }
        }
    }
}
