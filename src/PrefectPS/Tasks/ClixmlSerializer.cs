using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Xml;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Tasks;

/// <summary>
/// Results as PowerShell's own XML, that of Export-Clixml. What comes back of an object that is no plain value is a bag of its properties;
/// nothing in the content is run, and no type of its choice is made.
/// </summary>
internal sealed class ClixmlSerializer : IResultSerializer
{
    // How the format marks a SecureString; in a text the bracket would be written another way.
    private const string SecretMark = "<SS";

    // PowerShell writes what nests deeper, and does not read it.
    private const int MaxDepth = 48;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name => "Clixml";

    public IReadOnlyList<string> Extensions { get; } = [".clixml"];

    public ResultContent Write(object value, ResultFiles files)
    {
        WrittenResult.CheckFinished(value, PowerShellValues.Instance);
        var text = PSSerializer.Serialize(value, PlainDepth(value, ValueWriter.ObjectDepth));
        if (text.Contains(SecretMark))
            throw ModuleErrors.ClixmlHoldsSecret();
        CheckDocumentTypes(text);
        return new(new MemoryStream(Utf8.GetBytes(text), writable: false)) { Kept = value };
    }

    private static void CheckDocumentTypes(string text)
    {
        try
        {
            ClixmlDocumentTypes.Refuse(text);
        }
        catch (XmlException e)
        {
            throw FlowErrors.ValueNotWritable(new($"it could not be read again: {e.Message.TrimEnd('.')}"));
        }
    }

    public object? Read(StoredObject content, ResultFiles files)
    {
        try
        {
            using var reader = new StreamReader(content.Content, Utf8);
            var text = reader.ReadToEnd();
            ClixmlDocumentTypes.Refuse(text);
            return Settle(PSSerializer.Deserialize(text));
        }
        catch (Exception e) when (e is XmlException or DecoderFallbackException or RuntimeException or ArgumentException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    // Arrays, dictionaries and records are followed to their end, as in JSON; another object's properties no deeper than there.
    private static int PlainDepth(object? value, int below)
    {
        if (below > MaxDepth)
            throw FlowErrors.ValueTooDeep(MaxDepth - ValueWriter.ObjectDepth);
        var deepest = below;
        foreach (var item in ElementsOf(PowerShellValues.Instance.Unwrap(value)))
            deepest = Math.Max(deepest, PlainDepth(item, below + 1));
        return deepest;
    }

    private static IEnumerable ElementsOf(object? value) => value switch
    {
        string or byte[] or XmlNode => Array.Empty<object>(),
        IDictionary map => map.Values,
        IEnumerable items => items,
        PSObject record => PowerShellValues.Instance.GetProperties(record).Select(property => property.Value),
        _ => Array.Empty<object>(),
    };

    // The format has lists for arrays, each in a wrapper that says what it was. Its references can make a value contain itself.
    private static object? Settle(object? value, int depth = 0)
    {
        if (depth > Limits.MaxFileDepth)
            throw new FormatException("it nests too deep, or contains itself");
        var bare = PowerShellValues.Instance.Unwrap(value);
        switch (bare)
        {
            case ArrayList list:
                return list.ToArray().Select(item => Settle(item, depth + 1)).ToArray();
            case IDictionary map:
                foreach (var key in map.Keys.Cast<object>().ToArray())
                    map[key] = Settle(map[key], depth + 1);
                return map;
            case PSObject record when PowerShellValues.Instance.IsRecord(record):
                foreach (var property in record.Properties.OfType<PSNoteProperty>())
                    property.Value = Settle(property.Value, depth + 1);
                return record;
            default:
                return bare;
        }
    }
}
