using System.Net;

namespace PrefectPS.Http.Serving;

/// <summary>The response to a request.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">The Retry-After time; null for the listener's default.</param>
internal readonly record struct HttpResponse(HttpStatusCode Status, TimeSpan? RetryAfter = null)
{
    /// <summary>431, which netstandard2.0 lacks.</summary>
    public const HttpStatusCode HeadersTooLarge = (HttpStatusCode)431;

    /// <summary>The content; null for none.</summary>
    public ResponseContent? Content { get; init; }

    public static implicit operator HttpResponse(HttpStatusCode status) => new(status);
}
