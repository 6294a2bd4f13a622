using System.Collections;
using System.Net;
using System.Text;
using PrefectPS.Flows;
using PrefectPS.Http.Events.Pages;
using PrefectPS.Http.Listening;
using PrefectPS.Http.Serving;

namespace PrefectPS.Http.Events;

/// <summary>Handles event requests of authenticated callers: <c>POST runs/…/events/…</c>.</summary>
internal sealed class EventRequests(EventReceiver receiver, EventOptions options, IRequestAuthenticator? authenticator, BodyReader bodies, CancellationToken stop)
{
    private const string Sender = "HTTP request";

    /// <summary>Authenticates the headers; null for success.</summary>
    public async ValueTask<HttpResponse?> RefuseAsync(HttpRequest request) =>
        authenticator is not null && !await authenticator.AuthenticateHeadersAsync(request.Header, stop) ? HttpStatusCode.Unauthorized : null;

    /// <summary>Reads the body and authenticates it.</summary>
    /// <returns>The body, or the error response.</returns>
    public async ValueTask<(byte[]? Body, HttpResponse Refusal)> ReadAsync(HttpRequest request, EventPath path)
    {
        var type = request.Header("Content-Type");
        if (!EventBody.IsForm(type) && !EventBody.IsJson(type) && request.ContentLength != 0)
            return (null, EventJson.Refuse(HttpStatusCode.UnsupportedMediaType, "ContentType", "The content type must be application/json or application/x-www-form-urlencoded."));
        var (body, fault) = await bodies.ReadAsync(request);
        if (body is null)
            return (null, fault == HttpStatusCode.RequestEntityTooLarge ? EventJson.Refuse(fault, "BodyTooLarge", "The body is larger than the listener allows.") : fault);
        byte[] signed = [.. Encoding.UTF8.GetBytes(EventHeaders.Read(request.Header).Signed(path)), .. body];
        return authenticator?.AuthenticateBody(request.Header, signed) == false ? (null, HttpStatusCode.Unauthorized) : (body, default);
    }

    /// <summary>Handles a request.</summary>
    /// <exception cref="FlowException">The run cannot be read, or the event cannot be stored.</exception>
    public async Task<HttpResponse> HandleAsync(HttpRequest request, EventPath path, byte[] body)
    {
        var headers = EventHeaders.Read(request.Header);
        if ((DefinedName.FaultIn(path.RunId!, Limits.MaxRunIdLength) ?? DefinedName.FaultIn(path.Name!)) is { } wrong)
            return EventJson.Refuse(HttpStatusCode.BadRequest, FlowErrorId.EventInvalid, $"The id of the run, or the name of the event, {wrong}.");
        if (headers.Id is { } id && DefinedName.FaultIn(id) is { } wrongId)
            return EventJson.Refuse(HttpStatusCode.BadRequest, FlowErrorId.EventInvalid, $"The id in {EventHeaders.IdName} {wrongId}.");
        IDictionary payload;
        try
        {
            payload = EventBody.IsForm(request.Header("Content-Type")) ? ReadForm(path.Name!, body) : EventBody.ReadJson(body);
        }
        catch (FormatException e)
        {
            return EventJson.Refuse(HttpStatusCode.BadRequest, FlowErrorId.EventInvalid, e.Message);
        }

        var by = authenticator?.CallerOf(request.Header) ?? EventSenderName.Clean(headers.By) ?? Sender;
        var sent = new ReceivedEvent(path.RunId!, path.Name!, headers.Id ?? authenticator?.IdOf(request.Header) ?? Guid.NewGuid().ToString("n"), by, payload);
        var outcome = await receiver.ReceiveAsync(sent);
        if (outcome.IsReceived)
            options.Dispatcher.Post(EventJson.NoteOf(sent, outcome));
        return EventJson.Of(sent, outcome);
    }

    // Form values are strings; the task's parameters tell switches and lists.
    private Hashtable ReadForm(string name, byte[] body)
    {
        var form = EventBody.ReadForm(body);
        var fields = EventRecipients.TryFind(options.Reception.Flow, name)?[0].Event!.Check?.Fields ?? [];
        var table = EventBody.NewTable();
        foreach (var group in form)
        {
            var known = fields.FirstOrDefault(each => string.Equals(each.Name, group.Key, StringComparison.OrdinalIgnoreCase));
            table[group.Key] = known is not null ? EventForm.Read(known, group) : group.Count() == 1 ? group.First() : group.ToArray();
        }

        return table;
    }
}
