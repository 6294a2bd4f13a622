namespace PrefectPS.Results;

/// <summary>A value in a form to be stored.</summary>
/// <param name="stream">Its content, from the stream's position to its end.</param>
public sealed class ResultContent(Stream stream) : IDisposable
{
    /// <summary>The content, to be read once.</summary>
    internal Stream Stream => stream;

    /// <summary>The value as every later reader gets it, where it is at hand; null where it has to be read back.</summary>
    public object? Kept { get; init; }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
