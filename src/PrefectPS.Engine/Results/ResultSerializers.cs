namespace PrefectPS.Results;

/// <summary>The available formats, by name and by file extension.</summary>
public sealed class ResultSerializers
{
    private readonly Dictionary<string, IResultSerializer> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IResultSerializer> _byExtension = new(StringComparer.OrdinalIgnoreCase);
    private readonly IResultSerializer _bytes;

    /// <summary>Registers the engine's formats and those of the host.</summary>
    internal ResultSerializers(IValueAdapter values, IEnumerable<IResultSerializer> more)
    {
        Json = new(values);
        _bytes = new BytesSerializer(values);
        foreach (var serializer in new IResultSerializer[] { Json, new TextSerializer(values), _bytes, new FileSerializer(values) }.Concat(more))
        {
            _byName.Add(serializer.Name, serializer);
            foreach (var extension in serializer.Extensions)
                _byExtension.Add(extension, serializer);
        }
    }

    /// <summary>The default format.</summary>
    internal JsonSerializer Json { get; }

    /// <summary>Finds a format by name, ignoring case.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the name is unknown.</exception>
    internal IResultSerializer Get(string name) =>
        _byName.TryGetValue(name, out var serializer) ? serializer : throw FlowErrors.SerializerUnknown(name, _byName.Keys);

    /// <summary>The format for a location's extension; JSON for an unknown one.</summary>
    internal IResultSerializer Of(string location) => _byExtension.TryGetValue(Path.GetExtension(location), out var serializer) ? serializer : Json;

    /// <summary>The format of a result with neither target nor -Serializer: bytes stay bytes, as Base64 in JSON is costly.</summary>
    internal IResultSerializer For(object value) => value is byte[]? _bytes : Json;

    /// <summary>The extension of a result without a target: the format's, or the file's own.</summary>
    internal static string ExtensionFor(IResultSerializer serializer, object value) =>
        serializer is FileSerializer && value is FileInfo { Extension: { Length: > 1 } own } ? own : serializer.Extensions[0];
}
