using System.Globalization;
using System.Net;
using PrefectPS.Channels;

namespace PrefectPS.Http.Listening;

/// <summary>A request that waits for its answer: 2xx once it is completed, else one that makes its sender come again.</summary>
internal sealed class HttpDelivery(HttpListenerContext context, ChannelMessage message, string id, int? count, Action<HttpListenerContext, HttpStatusCode> answer) : IDelivery
{
    private int _isAnswered;

    public ChannelMessage Message => message;

    public string Id => id;

    public int? Count => count;

    public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => new(Answer(HttpStatusCode.NoContent));

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay > TimeSpan.Zero)
            context.Response.AddHeader("Retry-After", Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        return new(Answer(HttpStatusCode.ServiceUnavailable));
    }

    // Its sender waits for as long as he waits.
    public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) => new(Volatile.Read(ref _isAnswered) == 0);

    private bool Answer(HttpStatusCode status)
    {
        if (Interlocked.Exchange(ref _isAnswered, 1) == 1)
            return false;
        answer(context, status);
        return true;
    }
}
