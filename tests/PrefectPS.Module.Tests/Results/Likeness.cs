using System.Collections;
using System.Collections.Specialized;
using System.Data;
using System.Globalization;
using System.Management.Automation;
using System.Xml;

namespace PrefectPS.Module.Tests.Results;

/// <summary>Values as texts that are equal where value and type are. Of arrays the elements count, not the type.</summary>
internal static class Likeness
{
    public static string Of(object? value)
    {
        var bare = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        return bare switch
        {
            null => "null",
            string text => $"'{string.Concat(text.Select(c => c is > ' ' and < '\x7f' ? c.ToString() : $"\\u{(int)c:x4}"))}'",
            double number => $"Double {number.ToString("R", CultureInfo.InvariantCulture)}",
            DateTime time => $"DateTime {time.ToString("O", CultureInfo.InvariantCulture)} {time.Kind}",
            DateTimeOffset time => $"DateTimeOffset {time.ToString("O", CultureInfo.InvariantCulture)}",
            byte[] bytes => $"bytes {Convert.ToHexString(bytes)}",
            FileInfo file => $"FileInfo {file.Name} '{File.ReadAllText(file.FullName)}'",
            XmlDocument document => $"XmlDocument {document.OuterXml}",
            OrderedDictionary map => $"ordered {{ {string.Join("; ", Entries(map))} }}",
            IDictionary map => $"hashtable {{ {string.Join("; ", Entries(map).Order(StringComparer.Ordinal))} }}",
            IEnumerable items => $"array [{string.Join(", ", items.Cast<object?>().Select(Of))}]",
            DataTable or DataRow => bare.GetType().Name,
            PSObject record => $"record {{ {string.Join("; ", record.Properties.Select(p => $"{p.Name} = {Of(p.Value)}"))} }}",
            IFormattable scalar => $"{scalar.GetType().Name} {scalar.ToString(null, CultureInfo.InvariantCulture)}",
            _ => $"{bare.GetType().Name} {bare}",
        };
    }

    private static IEnumerable<string> Entries(IDictionary map) =>
        map.Keys.Cast<object>().Select(key => $"{Of(key)} = {Of(map[key])}");
}
