using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>A form in which results are stored.</summary>
public interface IResultSerializer
{
    /// <summary>Its name, as -Serializer takes it and documents have it.</summary>
    string Name { get; }

    /// <summary>The extensions that stand for it, with their dot; the first is that of results without a target.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Writes a value.</summary>
    /// <param name="value">A value, not null.</param>
    /// <param name="files">Where the files go that the value refers to.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the form has no place for it.</exception>
    ResultContent Write(object value, ResultFiles files);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The content is not of this form.</exception>
    object? Read(StoredObject content, ResultFiles files);
}
