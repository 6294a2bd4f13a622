using System.Net;

namespace PrefectPS.Http.Serving;

/// <summary>The response to a request.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">The Retry-After time; null for the listener's default.</param>
internal readonly record struct HttpResponse(HttpStatusCode Status, TimeSpan? RetryAfter = null)
{
    /// <summary>The content; null for none.</summary>
    public ResponseContent? Content { get; init; }

    public static implicit operator HttpResponse(HttpStatusCode status) => new(status);
}

/// <summary>A response's body and headers.</summary>
/// <param name="Type">The content type.</param>
/// <param name="Bytes">The content.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record ResponseContent(string Type, byte[] Bytes, IReadOnlyList<KeyValuePair<string, string>> Headers);
