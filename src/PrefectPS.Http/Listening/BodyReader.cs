using System.Net;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Listening;

/// <summary>Reads request bodies, bounding size, time and concurrency.</summary>
/// <param name="options">The limits.</param>
/// <param name="isKnown">Whether the senders are authenticated.</param>
/// <param name="stop">Cancelled when the listener ends.</param>
internal sealed class BodyReader(ListenerOptions options, bool isKnown, CancellationToken stop)
{
    private readonly ReadLimiter _places = isKnown
        ? new(options.MaxRequests, evictsOldest: false)
        : new(Math.Min(options.MaxUnverified, options.MaxRequests), evictsOldest: true);

    private readonly TimeSpan _time = isKnown || options.ReadTime < options.UnverifiedReadTime ? options.ReadTime : options.UnverifiedReadTime;

    /// <summary>Reads the body of a request.</summary>
    /// <returns>The body, or null with the error status.</returns>
    public async Task<(byte[]? Body, HttpStatusCode Fault)> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > options.Server.MaxBodyBytes)
            return (null, HttpStatusCode.RequestEntityTooLarge);
        using var place = _places.Enter();
        if (place is null)
            return (null, HttpStatusCode.ServiceUnavailable);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, place.Evicted);
        limit.CancelAfter(_time);
        var read = await request.ReadAsync(options.Server.MaxBodyBytes, limit.Token);
        return read.Body is null && stop.IsCancellationRequested ? (null, HttpStatusCode.ServiceUnavailable) : read;
    }
}
