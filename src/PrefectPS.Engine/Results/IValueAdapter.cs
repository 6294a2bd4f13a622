namespace PrefectPS.Results;

/// <summary>Knows the objects of the language that task bodies are written in, which the engine does not.</summary>
internal interface IValueAdapter
{
    /// <summary>The value inside a wrapper of the language; the value itself where there is none.</summary>
    object? Unwrap(object? value);

    /// <summary>Whether it is one of the objects that keep a secret, of which nothing is ever written.</summary>
    bool IsSecret(object value);

    /// <summary>Whether it is one of the language's own records: properties and nothing else.</summary>
    bool IsRecord(object value);

    /// <summary>The text that says all there is to an object; null for other objects.</summary>
    string? TextOf(object value);

    /// <summary>An object's properties, in order; only asked for objects that are not plain data.</summary>
    IEnumerable<KeyValuePair<string, object?>> GetProperties(object value);

    /// <summary>The language's object with these properties.</summary>
    object CreateRecord(IReadOnlyList<KeyValuePair<string, object?>> properties);
}
