using System.Collections;

namespace PrefectPS.Results;

/// <summary>Searches a value for an object, in everything <see cref="ValueWriter"/> would serialize and a few levels into objects it rejects.</summary>
internal sealed class ValueSearch
{
    // Beyond this many objects, visited ones are skipped: shared parts can be reachable along exponentially many paths.
    private const int ManyObjects = 10_000;

    private readonly IValueAdapter _adapter;
    private readonly Func<object, bool> _match;
    private HashSet<object>? _seen;
    private int _count;

    private ValueSearch(IValueAdapter adapter, Func<object, bool> match)
    {
        _adapter = adapter;
        _match = match;
    }

    /// <summary>True if a value is or contains a match; scalars are not inspected.</summary>
    public static bool Any(object? value, IValueAdapter adapter, Func<object, bool> match)
    {
        try
        {
            return new ValueSearch(adapter, match).Any(value, depth: 0, objects: 0);
        }
        catch (ValueFaultException e)
        {
            throw FlowErrors.ValueNotWritable(e);
        }
    }

    /// <summary>True if a value is a scalar, which is not inspected.</summary>
    public static bool IsPlain(object? value) => value is null or string or ValueType or Uri or Version or FileSystemInfo;

    private bool Any(object? value, int depth, int objects)
    {
        if (depth > Limits.MaxValueDepth || _adapter.Unwrap(value) is not { } bare)
            return false; // the writer rejects deeper nesting
        var isBare = ReferenceEquals(bare, value);
        if ((isBare && IsPlain(bare)) || IsSeen(value!))
            return false;
        if (AnyPart(_adapter.NotesOf(value!), depth, objects))
            return true;
        if (IsPlain(bare) || (!isBare && IsSeen(bare)))
            return false;
        return bare switch
        {
            { } found when _match(found) => true,
            byte[] or Task { IsCompleted: false } => false,
            { } text when _adapter.TextOf(text) is not null => false,
            IDictionary map => AnyOf(map.Keys, depth, objects) || AnyOf(map.Values, depth, objects),
            IEnumerable items when items is ICollection || _adapter.Types.NameOf(items.GetType()) is not null => AnyOf(items, depth, objects),
            { } record when _adapter.IsRecord(record) => AnyPart(_adapter.GetProperties(record), depth, objects),
            { } other when objects < SecretTexts.ObjectDepth => AnyPartOfOther(other, depth, objects + 1),
            _ => false,
        };
    }


    private bool IsSeen(object value) => ++_count > ManyObjects && !(_seen ??= new(ReferenceComparer.Instance)).Add(value);

    // What cannot be inspected is not written either.
    private bool AnyPartOfOther(object value, int depth, int objects)
    {
        try
        {
            return AnyPart(_adapter.GetProperties(value), depth, objects);
        }
        catch (Exception e) when (ValueFaultException.Is(e))
        {
            return false;
        }
    }

    private bool AnyPart(IEnumerable<KeyValuePair<string, object?>> properties, int depth, int objects)
    {
        foreach (var property in properties)
        {
            if (AnyIn(property.Value, property.Key, depth, objects))
                return true;
        }

        return false;
    }

    private bool AnyOf(IEnumerable items, int depth, int objects)
    {
        var index = 0;
        try
        {
            foreach (var item in items)
            {
                if (Any(item, depth + 1, objects))
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

    private bool AnyIn(object? part, string name, int depth, int objects)
    {
        try
        {
            return Any(part, depth + 1, objects);
        }
        catch (Exception e) when (ValueFaultException.Is(e))
        {
            throw ValueFaultException.Of(e).Within("." + name);
        }
    }
}
