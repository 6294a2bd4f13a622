using System.Net;
using PrefectPS.Channels;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Listening;

/// <summary>A request that waits for its answer: 2xx once it is completed, else one that makes its sender come again.</summary>
/// <param name="message">The message in it.</param>
/// <param name="id">The sender's id of the message.</param>
/// <param name="count">How often the sender has delivered it; null where he does not say.</param>
/// <param name="settled">Called before the answer is given.</param>
internal sealed class HttpDelivery(ChannelMessage message, string id, int? count, Action settled) : IRefusableDelivery
{
    private readonly TaskCompletionSource<HttpAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isAnswered;

    public ChannelMessage Message => message;

    public string Id => id;

    public int? Count => count;

    /// <summary>The answer, once there is one.</summary>
    public Task<HttpAnswer> Answer => _answer.Task;

    public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => new(Settle(HttpStatusCode.NoContent));

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        new(Settle(new(HttpStatusCode.ServiceUnavailable, delay > TimeSpan.Zero ? delay : null)));

    public void Refuse() => Settle(HttpStatusCode.BadRequest);

    /// <summary>Tells the sender to come again.</summary>
    public void PutOff() => Settle(HttpStatusCode.ServiceUnavailable);

    // Its sender waits for as long as he waits.
    public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) => new(Volatile.Read(ref _isAnswered) == 0);

    private bool Settle(HttpAnswer answer)
    {
        if (Interlocked.Exchange(ref _isAnswered, 1) == 1)
            return false;
        settled();
        return _answer.TrySetResult(answer);
    }
}
