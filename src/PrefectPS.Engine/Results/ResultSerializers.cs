namespace PrefectPS.Results;

/// <summary>The forms that there are: by name, and by the extension that a location has.</summary>
public sealed class ResultSerializers
{
    private readonly Dictionary<string, IResultSerializer> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IResultSerializer> _byExtension = new(StringComparer.OrdinalIgnoreCase);
    private readonly IResultSerializer _bytes;

    /// <summary>The engine's own forms and those that its surroundings add.</summary>
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

    /// <summary>That of all results for which nothing says another.</summary>
    internal JsonSerializer Json { get; }

    /// <summary>The one of this name, whatever its case.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: there is none.</exception>
    internal IResultSerializer Get(string name) =>
        _byName.TryGetValue(name, out var serializer) ? serializer : throw FlowErrors.SerializerUnknown(name, _byName.Keys);

    /// <summary>The one that a location's extension stands for.</summary>
    internal IResultSerializer Of(string location) => _byExtension.TryGetValue(Path.GetExtension(location), out var serializer) ? serializer : Json;

    /// <summary>The one for a result without a target, for which nothing says another. A megabyte of JSON is no place for bytes.</summary>
    internal IResultSerializer For(object value) => value is byte[]? _bytes : Json;

    /// <summary>The extension of a result without a target: that of its form, or the file's own.</summary>
    internal static string ExtensionFor(IResultSerializer serializer, object value) =>
        serializer is FileSerializer && value is FileInfo { Extension: { Length: > 1 } own } ? own : serializer.Extensions[0];
}
