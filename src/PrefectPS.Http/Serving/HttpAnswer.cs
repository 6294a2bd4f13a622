using System.Net;

namespace PrefectPS.Http.Serving;

/// <summary>The answer to a request: a number, when to come again and, for those who read, a text.</summary>
/// <param name="Status">The number.</param>
/// <param name="RetryAfter">When one who is told to come again is to do so; null for the listener's usual time.</param>
internal readonly record struct HttpAnswer(HttpStatusCode Status, TimeSpan? RetryAfter = null)
{
    /// <summary>The request's headers are too long; .NET Standard has no name for it.</summary>
    public const HttpStatusCode HeadersTooLarge = (HttpStatusCode)431;

    /// <summary>What it says besides; null for nothing.</summary>
    public AnswerContent? Content { get; init; }

    public static implicit operator HttpAnswer(HttpStatusCode status) => new(status);
}
