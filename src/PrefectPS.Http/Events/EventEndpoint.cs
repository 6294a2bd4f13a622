using System.Net;
using PrefectPS.Http.Listening;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Events;

/// <summary>Handles event requests, bounding their size, time and concurrency.</summary>
internal sealed class EventEndpoint
{
    private readonly EventOptions _options;
    private readonly EventRequests _requests;
    private readonly EventLinks? _links;
    private int _count;

    /// <param name="options">The event options.</param>
    /// <param name="listener">The listener's options.</param>
    /// <param name="bodies">Reads bodies of authenticated callers.</param>
    /// <param name="ofLinks">Reads bodies of link users.</param>
    /// <param name="stop">Cancelled when the listener ends.</param>
    public EventEndpoint(EventOptions options, ListenerOptions listener, BodyReader bodies, BodyReader ofLinks, CancellationToken stop)
    {
        _options = options;
        var receiver = new EventReceiver(options, stop);
        _requests = new(receiver, options, listener.Authenticator, bodies, stop);
        _links = options.Keys is { } keys ? new(options, keys, receiver, ofLinks) : null;
    }

    /// <summary>Parses an event request's path; null for other requests.</summary>
    public EventPath? Find(HttpRequest request, ListenerAddress address) =>
        EventPath.Parse(request.Target, address) is { } path && (!path.IsLink || _links is not null) ? path : null;

    /// <summary>Handles a request.</summary>
    public async Task<HttpResponse> HandleAsync(HttpRequest request, EventPath path)
    {
        if (path.IsLink ? request.Method is not ("GET" or "HEAD" or "POST") : request.Method != "POST")
            return HttpStatusCode.MethodNotAllowed;
        if (path.IsLink && _links!.Check(path) is { Refusal: { } refusal })
            return refusal;
        if (!path.IsLink && await _requests.RefuseAsync(request) is { } unknown)
            return unknown;
        byte[] body = [];
        if (request.Method == "POST")
        {
            var read = path.IsLink ? await _links!.ReadAsync(request) : await _requests.ReadAsync(request, path);
            if (read.Body is null)
                return read.Refusal;
            body = read.Body;
        }

        // Counted only once the body is read, so that slow senders occupy no slot.
        try
        {
            if (Interlocked.Increment(ref _count) > _options.MaxAtOnce)
                return HttpStatusCode.ServiceUnavailable;
            return path.IsLink ? await _links!.HandleAsync(request, path, body) : await _requests.HandleAsync(request, path, body);
        }
        catch (FlowException e)
        {
            if (e.Id is not (FlowErrorId.EventInvalid or FlowErrorId.RunNotOnRecord or FlowErrorId.RunNotFound))
                _options.Dispatcher.Post(e);
            return path.IsLink ? EventLinks.Failed(e) : EventJson.Failed(e);
        }
        catch (OperationCanceledException)
        {
            return HttpStatusCode.ServiceUnavailable; // the listener is shutting down
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
