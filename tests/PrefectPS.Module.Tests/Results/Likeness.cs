using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml;

namespace PrefectPS.Module.Tests.Results;

/// <summary>Values as texts that are equal where value, type, order and what was added to them are.</summary>
internal static class Likeness
{
    private static readonly string[] RecordNames = [typeof(PSCustomObject).FullName!, typeof(object).FullName!];

    public static string Of(object? value) => value is null ? "null" : Content(Bare(value)) + Added(value);

    private static object Bare(object value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    private static string Content(object bare) => bare switch
    {
        string text => $"'{string.Concat(text.Select(c => c is > ' ' and < '\x7f' ? c.ToString() : $"\\u{(int)c:x4}"))}'",
        double number => $"Double {number.ToString("R", CultureInfo.InvariantCulture)}",
        DateTime time => $"DateTime {time.ToString("O", CultureInfo.InvariantCulture)} {time.Kind}",
        DateTimeOffset time => $"DateTimeOffset {time.ToString("O", CultureInfo.InvariantCulture)}",
        byte[] bytes => $"bytes {Convert.ToHexString(bytes)}",
        FileInfo file => $"FileInfo {file.Name} '{File.ReadAllText(file.FullName)}'",
        XmlDocument document => $"XmlDocument {document.OuterXml}",
        Regex pattern => $"Regex {pattern} {pattern.Options}",
        IDictionary map => $"{NameOf(map)} {CaseOf(map)} {{ {string.Join("; ", bare.GetType() == typeof(Hashtable) ? Entries(map).Order(StringComparer.Ordinal) : Entries(map))} }}",
        Array { Rank: > 1 } grid => $"{NameOf(grid)} {string.Join("x", Enumerable.Range(0, grid.Rank).Select(grid.GetLength))} [{Items(grid)}]",
        IEnumerable items => $"{NameOf(items)} [{Items(items)}]",
        PSObject record => $"record {{ {string.Join("; ", record.Properties.Select(p => $"{p.Name} = {Of(p.Value)}"))} }}",
        IFormattable scalar => $"{scalar.GetType().Name} {scalar.ToString(null, CultureInfo.InvariantCulture)}",
        _ => $"{NameOf(bare)} {bare}",
    };

    private static string NameOf(object value) => value.GetType().ToString();

    private static string Items(IEnumerable items) => string.Join(", ", items.Cast<object?>().Select(Of));

    // Whether its keys are found in another case.
    private static string CaseOf(IDictionary map) =>
        map.Keys.OfType<string>().FirstOrDefault(key => key.Any(char.IsLower)) is { } first ? $"exact: {!map.Contains(first.ToUpperInvariant())}" : string.Empty;

    private static IEnumerable<string> Entries(IDictionary map)
    {
        for (var entry = map.GetEnumerator(); entry.MoveNext();)
            yield return $"{Of(entry.Key)} = {Of(entry.Value)}";
    }

    private static string Added(object value)
    {
        var wrapped = PSObject.AsPSObject(value);
        string[] own = wrapped.BaseObject is PSCustomObject ? RecordNames : [.. Chain(wrapped.BaseObject.GetType())];
        var names = wrapped.TypeNames.Take(Math.Max(0, wrapped.TypeNames.Count - own.Length));
        var notes = wrapped.BaseObject is PSCustomObject ? [] : wrapped
            .Properties.OfType<PSNoteProperty>().Where(note => note.IsInstance).Select(note => $"{note.Name} = {Of(note.Value)}");
        return string.Concat(names.Select(name => " named " + name).Concat(notes.Select(note => " noted " + note)));
    }

    private static IEnumerable<string> Chain(Type type)
    {
        for (var each = type; each is not null; each = each.BaseType)
            yield return each.FullName!;
    }
}
