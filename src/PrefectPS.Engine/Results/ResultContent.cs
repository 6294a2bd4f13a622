namespace PrefectPS.Results;

/// <summary>A serialized value, ready to be stored.</summary>
/// <param name="stream">The content, from the stream's position to its end.</param>
public sealed class ResultContent(Stream stream) : IDisposable
{
    /// <summary>The content, to be read once.</summary>
    internal Stream Stream => stream;

    /// <summary>The value as later readers will see it; null where it has to be read back.</summary>
    public object? Value { get; init; }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
