using System.Globalization;
using System.Numerics;

namespace PrefectPS.Results;

/// <summary>Converts elements of typed collections; integers and enums need no type tag there.</summary>
internal static class ItemConverter
{
    /// <summary>True if elements of this type are written without a type tag.</summary>
    public static bool IsBare(Type type) => type.IsEnum || Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64;

    /// <summary>Converts an element to the collection's element type.</summary>
    /// <param name="item">The element as read.</param>
    /// <param name="type">The element type.</param>
    /// <param name="adapter">Converts types of the language.</param>
    /// <exception cref="FormatException">The element has another type.</exception>
    public static object? Convert(object? item, Type type, IValueAdapter adapter)
    {
        if (type == typeof(object))
            return item;
        if (item is null)
            return !type.IsValueType || Nullable.GetUnderlyingType(type) is not null ? null : throw Fault(item, type);
        if (type.IsInstanceOfType(item))
            return item;
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsInstanceOfType(item))
            return item;
        try
        {
            if (bare.IsEnum && item is string name)
                return Enum.Parse(bare, name);
            if (item is int or long or BigInteger && IsBare(bare))
                return System.Convert.ChangeType(item is BigInteger large ? (ulong)large : item, bare, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException)
        {
            throw new FormatException($"{Fault(item, type).Message}: {e.Message}", e);
        }

        return adapter.TryConvert(item, bare) ?? throw Fault(item, type);
    }

    private static FormatException Fault(object? item, Type type) => new($"{(item is null ? "null" : $"a {item.GetType()}")} is not an element of a list of {type}");
}
