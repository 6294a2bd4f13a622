using System.Collections.Concurrent;
using System.Net;
using PrefectPS.Channels;
using PrefectPS.Http.Events;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Listening;

/// <summary>A channel whose messages are HTTP requests. A request is answered when its message is settled; concurrent requests get 503.</summary>
public sealed class RequestListener : IFlowChannel, IDisposable
{
    private readonly ListenerOptions _options;
    private readonly ListenerAddress _address;
    private readonly CancellationTokenSource _stop = new();
    private readonly BodyReader _bodies;
    private readonly EventEndpoint? _events;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ConcurrentQueue<HttpDelivery> _waiting = new();
    private readonly HttpServer _server;
    private int _isBusy;

    private RequestListener(ListenerOptions options)
    {
        _options = options;
        _address = ListenerAddress.Parse(options.Prefix);
        _bodies = new(options, options.Authenticator?.AuthenticatesByHeaders == true, _stop.Token);
        _events = options.Events is { } events ? new(events, options, _bodies, new(options, isKnown: true, _stop.Token), _stop.Token) : null;
        _server = HttpServer.Start(options.Server, _address, TakeAsync);
    }

    /// <inheritdoc/>
    public string Name => _options.Prefix;

    /// <inheritdoc/>
    public int MaxDocumentBytes => _options.Server.MaxBodyBytes;

    /// <inheritdoc/>
    public IFlowChannel? DeadLetters => null;

    /// <summary>Starts listening.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: the address cannot be listened on.</exception>
    public static RequestListener Start(ListenerOptions options) => new(options);

    /// <inheritdoc/>
    public ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken) =>
        throw ProviderErrors.ChannelInvalid(Name, "it only receives");

    /// <inheritdoc/>
    public async ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        await _arrived.WaitAsync(wait, cancellationToken) && _waiting.TryDequeue(out var delivery) ? delivery : null;

    /// <summary>Stops listening; senders still waiting are told to retry.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        while (_waiting.TryDequeue(out var delivery))
            delivery.Defer();
        _server.Dispose();
    }

    private async Task<HttpResponse> TakeAsync(HttpRequest request)
    {
        if (request.Path == _options.HealthPath && request.Method is "GET" or "HEAD")
            return HttpStatusCode.OK;
        if (!_address.Matches(request.Header("Host"), request.Path))
            return HttpStatusCode.NotFound;
        if (_events?.Find(request, _address) is { } path)
            return await _events.HandleAsync(request, path);
        if (request.Method != "POST")
            return HttpStatusCode.MethodNotAllowed;
        if (_options.Authenticator is { } authenticator && !await authenticator.AuthenticateHeadersAsync(request.Header, _stop.Token))
            return HttpStatusCode.Unauthorized;
        if (request.ContentLength > _options.Server.MaxBodyBytes) // retrying would not help
            return HttpStatusCode.RequestEntityTooLarge;
        if (Volatile.Read(ref _isBusy) == 1)
            return HttpStatusCode.ServiceUnavailable;
        var (body, fault) = await _bodies.ReadAsync(request);
        if (body is null)
            return fault;
        if (_options.Authenticator?.AuthenticateBody(request.Header, body) == false)
            return HttpStatusCode.Unauthorized;
        if (PushEnvelope.Read(body, request.Header) is not { } found)
            return HttpStatusCode.BadRequest;
        if (Interlocked.CompareExchange(ref _isBusy, 1, 0) == 1 || _stop.IsCancellationRequested)
            return HttpStatusCode.ServiceUnavailable;
        var id = found.Id ?? _options.Authenticator?.IdOf(request.Header) ?? Guid.NewGuid().ToString("n");
        var delivery = new HttpDelivery(found.Message, id, found.Count, () => Volatile.Write(ref _isBusy, 0));
        _waiting.Enqueue(delivery);
        _arrived.Release();
        return await delivery.Answer;
    }
}
