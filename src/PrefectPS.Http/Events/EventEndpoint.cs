using System.Net;
using PrefectPS.Http.Listening;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Events;

/// <summary>Answers requests about events, each of bounded size and time, and not too many at once.</summary>
internal sealed class EventEndpoint
{
    private readonly EventOptions _options;
    private readonly EventRequests _requests;
    private readonly EventLinks? _links;
    private int _count;

    /// <param name="options">What events are received for.</param>
    /// <param name="listener">Whom the listener believes.</param>
    /// <param name="bodies">Reads bodies of the listener's callers.</param>
    /// <param name="ofLinks">Reads bodies of who has a link.</param>
    /// <param name="stop">Ends it.</param>
    public EventEndpoint(EventOptions options, ListenerOptions listener, BodyReader bodies, BodyReader ofLinks, CancellationToken stop)
    {
        _options = options;
        var receiver = new EventReceiver(options, stop);
        _requests = new(receiver, options, listener.Check, bodies, stop);
        _links = options.Keys is { } keys ? new(options, keys, receiver, ofLinks) : null;
    }

    /// <summary>What a request is about; null where that is no event.</summary>
    public EventPath? Find(HttpRequest request, ListenerAddress address) =>
        EventPath.Parse(request.Target, address) is { } path && (!path.IsLink || _links is not null) ? path : null;

    /// <summary>Answers a request.</summary>
    public async Task<HttpAnswer> AnswerAsync(HttpRequest request, EventPath path)
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

        // Counted once the body is there: a slow sender takes none of these places.
        try
        {
            if (Interlocked.Increment(ref _count) > _options.MaxAtOnce)
                return HttpStatusCode.ServiceUnavailable;
            return path.IsLink ? await _links!.AnswerAsync(request, path, body) : await _requests.AnswerAsync(request, path, body);
        }
        catch (FlowException e)
        {
            if (e.Id is not (FlowErrorId.EventInvalid or FlowErrorId.RunNotOnRecord or FlowErrorId.RunNotFound))
                _options.Desk.Tell(e);
            return path.IsLink ? EventLinks.Failed(e) : EventJson.Failed(e);
        }
        catch (OperationCanceledException)
        {
            return HttpStatusCode.ServiceUnavailable; // the listener ends
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
