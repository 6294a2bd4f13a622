using System.Net;
using PrefectPS.Channels;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Listening;

/// <summary>A request whose response settles the message: 2xx when completed, otherwise a status that makes the sender retry.</summary>
/// <param name="message">The message.</param>
/// <param name="id">The sender's message id.</param>
/// <param name="count">The sender's delivery count; null where unspecified.</param>
/// <param name="settled">Called before the response is sent.</param>
internal sealed class HttpDelivery(ChannelMessage message, string id, int? count, Action settled) : IRefusableDelivery
{
    private readonly TaskCompletionSource<HttpResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isAnswered;

    public ChannelMessage Message => message;

    public string Id => id;

    public int? Count => count;

    /// <summary>The response, once settled.</summary>
    public Task<HttpResponse> Answer => _answer.Task;

    public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => new(Settle(HttpStatusCode.NoContent));

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        new(Settle(new(HttpStatusCode.ServiceUnavailable, delay > TimeSpan.Zero ? delay : null)));

    public void Refuse() => Settle(HttpStatusCode.BadRequest);

    /// <summary>Makes the sender retry.</summary>
    public void Defer() => Settle(HttpStatusCode.ServiceUnavailable);

    // The sender's own timeout limits the lock.
    public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) => new(Volatile.Read(ref _isAnswered) == 0);

    private bool Settle(HttpResponse answer)
    {
        if (Interlocked.Exchange(ref _isAnswered, 1) == 1)
            return false;
        settled();
        return _answer.TrySetResult(answer);
    }
}
