using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Json;
using System.Xml;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Tasks;

/// <summary>
/// Serializes results as CLIXML, the format of Export-Clixml. An object that is not a plain value comes back as a property bag;
/// content is never executed, and cannot choose types.
/// </summary>
internal sealed class ClixmlSerializer : IResultSerializer
{
    // The format's mark of a SecureString; in texts, the bracket is escaped.
    private const string SecretMark = "<SS";

    // PowerShell writes deeper values but cannot read them.
    private const int MaxDepth = 48;

    private const string Deserialized = "Deserialized.";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name => "Clixml";

    public IReadOnlyList<string> Extensions { get; } = [".clixml"];

    public ResultContent Write(object value, ResultFiles files)
    {
        var expected = CanonicalValue.Of(value, PowerShellValues.Instance); // values that JSON refuses are refused here too
        var text = PSSerializer.Serialize(value, DepthOf(expected) + 1);
        if (text.Contains(SecretMark))
            throw ModuleErrors.ClixmlHoldsSecret();
        CheckReadAgain(value, text, expected);
        return new(new MemoryStream(Utf8.GetBytes(text), writable: false)) { Value = value };
    }

    public object? Read(StoredObject content, ResultFiles files)
    {
        try
        {
            using var reader = new StreamReader(content.Content, Utf8);
            return Parse(reader.ReadToEnd());
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException or RuntimeException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    // For objects that are not plain data, such as a folder, it would write properties down to the given depth.
    private static int DepthOf(byte[] json)
    {
        var reader = new Utf8JsonReader(json, JsonStyle.Reader);
        var depth = 0;
        while (reader.Read())
            depth = Math.Max(depth, reader.CurrentDepth);
        return depth;
    }

    private static object? Parse(string text)
    {
        ClixmlDocumentTypes.Refuse(text);
        return Settle(PSSerializer.Deserialize(text));
    }

    private static void CheckReadAgain(object value, string text, byte[] expected)
    {
        try
        {
            if (Parse(text) is { } back && !CanonicalValue.Of(back, PowerShellValues.Instance).AsSpan().SequenceEqual(expected))
                throw ModuleErrors.ClixmlLosesType(value, back);
        }
        catch (Exception e) when (e is XmlException or FormatException or RuntimeException)
        {
            throw FlowErrors.ValueTooDeep(MaxDepth);
        }
    }

    // The format stores arrays as lists with a type wrapper. Its references can make a value contain itself.
    private static object? Settle(object? value, int depth = 0)
    {
        if (depth > Limits.MaxFileDepth)
            throw new FormatException("it nests too deep, or contains itself");
        var bare = PowerShellValues.Instance.Unwrap(value);
        if (bare is PSObject record && PowerShellValues.Instance.IsRecord(record))
            return ToRecord(record, depth);
        var settled = bare switch
        {
            ArrayList list => ToArray(list, value as PSObject, depth),
            IDictionary map => ToMap(map, depth),
            _ => bare,
        };
        return settled is not null && value is PSObject wrapper && NotesOf(wrapper, depth) is { Length: > 0 } notes
            ? PowerShellValues.Instance.WithAnnotations(settled, new([], notes))
            : settled;
    }

    private static IDictionary ToMap(IDictionary map, int depth)
    {
        foreach (var key in map.Keys.Cast<object>().ToArray())
            map[key] = Settle(map[key], depth + 1);
        return map;
    }

    private static KeyValuePair<string, object?>[] PropertiesOf(PSObject record, int depth) =>
    [
        .. from property in PowerShellValues.Instance.GetProperties(record)
           select new KeyValuePair<string, object?>(property.Key, Settle(property.Value, depth + 1)),
    ];

    private static KeyValuePair<string, object?>[] NotesOf(PSObject wrapper, int depth) =>
    [
        .. from note in wrapper.Properties.OfType<PSNoteProperty>()
           where note.IsInstance
           select new KeyValuePair<string, object?>(note.Name, Settle(note.Value, depth + 1)),
    ];

    // A record comes back as a record, and an object of another type as a deserialized object; their type names are stored in different places.
    private static object ToRecord(PSObject found, int depth)
    {
        const string own = "System.Management.Automation.PSCustomObject";
        var record = PowerShellValues.Instance.CreateRecord(PropertiesOf(found, depth)) ?? throw new FormatException("a record has properties with names");
        var names = found.TypeNames.ToArray();
        var end = Array.IndexOf(names, Deserialized + own);
        if (end >= 0)
            names = [.. names.Take(end).Select(name => name.StartsWith(Deserialized, StringComparison.Ordinal) ? name.Substring(Deserialized.Length) : name)];
        else if (names.Contains(own, StringComparer.Ordinal))
            names = [.. names.TakeWhile(name => name != own)];
        return names.Length == 0 ? record : PowerShellValues.Instance.WithAnnotations(record, new(names, []));
    }

    // An array of plain values keeps its element type.
    private static Array ToArray(ArrayList list, PSObject? wrapper, int depth)
    {
        object?[] items = [.. list.ToArray().Select(item => Settle(item, depth + 1))];
        var name = wrapper?.TypeNames.FirstOrDefault(each => each.StartsWith(Deserialized, StringComparison.Ordinal))?.Substring(Deserialized.Length);
        if (name?.EndsWith("[]", StringComparison.Ordinal) != true || PowerShellValues.Instance.Types.FindPlain(name.Substring(0, name.Length - 2)) is not { } element
            || !items.All(item => element.IsInstanceOfType(item) || (item is null && !element.IsValueType)))
        {
            return items;
        }

        var typed = Array.CreateInstance(element, items.Length);
        items.CopyTo(typed, 0);
        return typed;
    }
}
