using System.Collections;
using System.Collections.ObjectModel;

namespace PrefectPS.Results;

/// <summary>Restores lists, sets, queues, stacks and arrays as the type that was serialized.</summary>
internal static class ListTypes
{
    /// <summary>A list type's element type; null where the type is not supported.</summary>
    public static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type == typeof(ArrayList) || type == typeof(Queue) || type == typeof(Stack) ? typeof(object)
        : type.IsGenericType && type.GetGenericArguments() is [{ } element] && Nullable.GetUnderlyingType(type) is null ? element
        : null;

    /// <summary>Creates a list of these elements.</summary>
    /// <param name="type">The list's type.</param>
    /// <param name="items">The elements, in enumeration order.</param>
    /// <param name="comparer">The comparer of a set; null for the default.</param>
    /// <param name="adapter">Converts types of the language.</param>
    /// <exception cref="FormatException">An element has another type.</exception>
    public static object Create(Type type, IReadOnlyList<object?> items, object? comparer, IValueAdapter adapter)
    {
        var element = ElementOf(type)!;
        var array = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(ItemConverter.Convert(items[i], element, adapter), i);
        if (type.IsArray)
            return array;
        if (type == typeof(Stack) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Stack<>)))
            Array.Reverse(array);
        object content = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Collection<>)
            ? Activator.CreateInstance(typeof(List<>).MakeGenericType(element), array)!
            : array;
        return Activator.CreateInstance(type, comparer is null ? [content] : [content, comparer])!;
    }

    /// <summary>Creates a multidimensional array.</summary>
    /// <exception cref="FormatException">The lengths do not match the number of elements.</exception>
    public static Array CreateGrid(Type type, IReadOnlyList<object?> lengths, IReadOnlyList<object?> items, IValueAdapter adapter)
    {
        int[] sides = [.. lengths.Select(length => length is int and >= 0 ? (int)length : throw new FormatException("a length is a whole number"))];
        if (sides.Length != type.GetArrayRank() || sides.Aggregate(1L, (product, side) => checked(product * side)) != items.Count)
            throw new FormatException("an array has as many elements as its lengths say");
        var element = type.GetElementType()!;
        var grid = Array.CreateInstance(element, sides);
        var place = new int[sides.Length];
        foreach (var item in items)
        {
            grid.SetValue(ItemConverter.Convert(item, element, adapter), place);
            for (var side = place.Length - 1; side >= 0 && ++place[side] == sides[side]; side--)
                place[side] = 0;
        }

        return grid;
    }
}
