using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>A format in which results are stored.</summary>
public interface IResultSerializer
{
    /// <summary>The name, as in -Serializer and in documents.</summary>
    string Name { get; }

    /// <summary>The file extensions that select it, with the dot; the first is used for results without a target.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Serializes a value.</summary>
    /// <param name="value">The value, not null.</param>
    /// <param name="files">Stores the files that the value refers to.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the format cannot represent the value.</exception>
    ResultContent Write(object value, ResultFiles files);

    /// <summary>Deserializes what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The content is not of this format.</exception>
    object? Read(StoredObject content, ResultFiles files);
}
