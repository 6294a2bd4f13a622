namespace PrefectPS.Results;

/// <summary>Knows the objects of the language that task bodies are written in, which the engine does not.</summary>
public interface IValueAdapter
{
    /// <summary>The value inside a wrapper of the language; the value itself where there is none.</summary>
    object? Unwrap(object? value);

    /// <summary>Whether it is one of the objects that keep a secret, of which nothing is ever written.</summary>
    bool IsSecret(object value);

    /// <summary>Whether it is one of the language's own records: properties and nothing else.</summary>
    bool IsRecord(object value);

    /// <summary>The types of values that documents know, those of the language among them.</summary>
    KnownTypes Types { get; }

    /// <summary>What the language has added to a value: names of types and notes. Null for nothing.</summary>
    /// <exception cref="ValueFaultException">It has added code.</exception>
    ValueMarks? MarksOf(object value);

    /// <summary>The notes that the language has added to a value, also to one that it has added code to; empty for a record, whose properties they are.</summary>
    IEnumerable<KeyValuePair<string, object?>> NotesOf(object value);

    /// <summary>A value with what <see cref="MarksOf"/> said.</summary>
    object WithMarks(object value, ValueMarks marks);

    /// <summary>The tag and text of a plain value of the language that <see cref="TaggedScalars"/> does not have.</summary>
    bool TryWriteScalar(object value, out string tag, out string text);

    /// <summary>The plain value of the language that goes by a tag; null where it has none such.</summary>
    /// <exception cref="FormatException">The text is none of it.</exception>
    object? ReadScalar(string tag, string? text);

    /// <summary>A value as another type of the language's own; null where that cannot be.</summary>
    object? TryConvert(object value, Type type);

    /// <summary>What to return instead of an object of the language that no other process could have; null for other objects.</summary>
    string? RemedyFor(object value);

    /// <summary>The text that says all there is to an object; null for other objects.</summary>
    string? TextOf(object value);

    /// <summary>An object's properties, in order; only asked for objects that are not plain data.</summary>
    IEnumerable<KeyValuePair<string, object?>> GetProperties(object value);

    /// <summary>The language's object with these properties; null where it can have no such, as without a name.</summary>
    object? CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties);
}
