using System.Data;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace PrefectPS.Results;

/// <summary>What is worth keeping of .NET's own objects whose properties say too much or too little.</summary>
internal static class ObjectShapes
{
    /// <summary>The text that says all there is to an object; null for other objects.</summary>
    public static string? TextOf(object value) => value switch
    {
        Type type => type.FullName ?? type.Name,
        Regex or Delegate => value.ToString(),
        CultureInfo culture => culture.Name,
        Encoding encoding => encoding.WebName,
        XmlNode node => node.OuterXml,
        IFormattable and ValueType => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>What is kept of an object; null where that is all its properties.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? PropertiesOf(object value) => value switch
    {
        Exception error => PropertiesOf(error),
        DataRow row => PropertiesOf(row),
        _ => null,
    };

    /// <summary>An array of several dimensions as one of rows.</summary>
    public static object?[] RowsOf(Array grid) => RowsOf(grid, []);

    private static object?[] RowsOf(Array grid, int[] place)
    {
        var from = grid.GetLowerBound(place.Length);
        var rows = new object?[grid.GetLength(place.Length)];
        for (var i = 0; i < rows.Length; i++)
        {
            int[] next = [.. place, from + i];
            rows[i] = next.Length == grid.Rank ? grid.GetValue(next) : RowsOf(grid, next);
        }

        return rows;
    }

    private static IEnumerable<KeyValuePair<string, object?>> PropertiesOf(Exception error)
    {
        yield return new("Type", error.GetType().FullName);
        yield return new(nameof(Exception.Message), error.Message);
        yield return new(nameof(Exception.StackTrace), error.StackTrace);
        yield return new(nameof(Exception.HResult), error.HResult);
        if (error.InnerException is { } inner)
            yield return new(nameof(Exception.InnerException), inner);
    }

    private static IEnumerable<KeyValuePair<string, object?>> PropertiesOf(DataRow row)
    {
        foreach (DataColumn column in row.Table.Columns)
            yield return new(column.ColumnName, row[column] is DBNull ? null : row[column]);
    }
}
