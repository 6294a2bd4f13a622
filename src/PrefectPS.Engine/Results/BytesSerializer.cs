using System.Collections;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>Stores bytes or a file's content unchanged; reads back as <c>byte[]</c>.</summary>
internal sealed class BytesSerializer(IValueAdapter values) : IResultSerializer
{
    public string Name => "Bytes";

    public IReadOnlyList<string> Extensions { get; } = [".bin"];

    public ResultContent Write(object value, ResultFiles files) => values.Unwrap(value) switch
    {
        byte[] bytes => new(new MemoryStream(bytes, writable: false)) { Value = bytes },
        FileInfo file => new(ResultFiles.Open(file)),
        IEnumerable items and not string when Gather(items) is { } bytes => new(new MemoryStream(bytes, writable: false)) { Value = bytes },
        _ => throw FlowErrors.ResultFormatMismatch(Name, value, "bytes ([byte[]]) or a file (such as Get-Item gives)"),
    };

    public object Read(StoredObject content, ResultFiles files)
    {
        var bytes = new byte[checked((int)content.Length)];
        return content.Content.Fill(bytes) == bytes.Length ? bytes : throw new FormatException("it ends too early");
    }

    // PowerShell emits the elements of a byte array one by one.
    private static byte[]? Gather(IEnumerable items)
    {
        var bytes = new List<byte>();
        foreach (var item in items)
        {
            if (item is not byte each)
                return null;
            bytes.Add(each);
        }

        return [.. bytes];
    }
}
