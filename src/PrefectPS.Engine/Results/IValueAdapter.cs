namespace PrefectPS.Results;

/// <summary>Gives the engine access to the objects of the language that task bodies are written in.</summary>
public interface IValueAdapter
{
    /// <summary>Unwraps the language's wrapper; other values are returned as they are.</summary>
    object? Unwrap(object? value);

    /// <summary>True if a value is a secret type, which is never written.</summary>
    bool IsSecret(object value);

    /// <summary>True if a value is the language's plain record: properties and nothing else.</summary>
    bool IsRecord(object value);

    /// <summary>The types that documents can represent, the language's included.</summary>
    KnownTypes Types { get; }

    /// <summary>The annotations that the language added to a value; null for none.</summary>
    /// <exception cref="ValueFaultException">The language added code.</exception>
    ValueAnnotations? AnnotationsOf(object value);

    /// <summary>The note properties that the language added to a value, also beside added code; empty for a record, whose own properties they are.</summary>
    IEnumerable<KeyValuePair<string, object?>> NotesOf(object value);

    /// <summary>Adds the annotations that <see cref="AnnotationsOf"/> returned to a value.</summary>
    object WithAnnotations(object value, ValueAnnotations marks);

    /// <summary>Formats a scalar of the language that <see cref="TaggedScalars"/> does not have, as tag and text.</summary>
    bool TryWriteScalar(object value, out string tag, out string text);

    /// <summary>Parses a scalar of the language by its tag; null for an unknown tag.</summary>
    /// <exception cref="FormatException">The text is malformed.</exception>
    object? ReadScalar(string tag, string? text);

    /// <summary>Converts a value to another type of the language; null where it cannot.</summary>
    object? TryConvert(object value, Type type);

    /// <summary>What to return instead of a language object that cannot exist in another process; null for other objects.</summary>
    string? RemedyFor(object value);

    /// <summary>The text that represents an object completely; null for other objects.</summary>
    string? TextOf(object value);

    /// <summary>An object's properties, in order; called only for objects that are not plain data.</summary>
    IEnumerable<KeyValuePair<string, object?>> GetProperties(object value);

    /// <summary>Creates the language's record with these properties; null where it cannot have them, such as an empty name.</summary>
    object? CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties);
}

/// <summary>The type names and note properties that the language added to a value.</summary>
/// <param name="TypeNames">The added type names, before those of the type; may be empty.</param>
/// <param name="Notes">The added note properties, in order; may be empty.</param>
public sealed record ValueAnnotations(IReadOnlyList<string> TypeNames, IReadOnlyList<KeyValuePair<string, object?>> Notes);
