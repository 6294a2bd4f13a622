namespace PrefectPS.Google.Storage.Api;

/// <summary>A download that has begun.</summary>
/// <param name="answer">The answer, of which the content is still to come.</param>
/// <param name="content">That content.</param>
internal sealed class Download(HttpResponseMessage answer, Stream content) : IDisposable
{
    private const string GenerationHeader = "x-goog-generation";

    /// <summary>What is left of the object's content.</summary>
    public Stream Content => content;

    /// <summary>The size of that in bytes.</summary>
    public long Length => answer.Content.Headers.ContentLength ?? throw new AnswerException("the answer does not tell the size of the object");

    /// <summary>The generation of the object.</summary>
    public string Generation =>
        answer.Headers.TryGetValues(GenerationHeader, out var values) ? values.First() : throw new AnswerException("the answer does not tell the generation of the object");

    /// <summary>Ends it.</summary>
    public void Dispose() => answer.Dispose();
}
