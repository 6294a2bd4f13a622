using System.Collections;
using System.Net;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Http.Events.Pages;
using PrefectPS.Http.Listening;
using PrefectPS.Http.Serving;
using PrefectPS.Runs;

namespace PrefectPS.Http.Events;

/// <summary>Handles requests with a link: shows the form, and records the answer sent with it. Only a POST changes anything.</summary>
internal sealed class EventLinks(EventOptions options, SigningKeys keys, EventReceiver receiver, BodyReader bodies)
{
    /// <summary>Validates a link before the body is read.</summary>
    /// <returns>The link, or the error response.</returns>
    public (EventLink? Link, HttpResponse? Refusal) Check(EventPath path)
    {
        if (EventLink.Read(path.Query, keys) is not { } link)
            return (null, EventPage.Refuse(HttpStatusCode.Forbidden, "This link is not valid", "It was changed or truncated, or was created for another listener. Ask for a new link."));
        if (link.Expires <= options.Clock.GetUtcNow())
            return (null, EventPage.Refuse(HttpStatusCode.Gone, "This link has expired", "It can no longer be used. Ask for a new link."));
        return link.Flow == options.Reception.Flow.Name ? (link, null)
            : (null, EventPage.Refuse(HttpStatusCode.NotFound, "This flow is not served here", $"The link is for flow '{link.Flow}', which another listener serves."));
    }

    /// <summary>Reads the form's body.</summary>
    /// <returns>The body, or the error response.</returns>
    public async ValueTask<(byte[]? Body, HttpResponse Refusal)> ReadAsync(HttpRequest request)
    {
        if (!EventBody.IsForm(request.Header("Content-Type")))
            return (null, HttpStatusCode.UnsupportedMediaType);
        var (body, fault) = await bodies.ReadAsync(request);
        return (body, fault);
    }

    /// <summary>Handles a request with a link.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The link's path.</param>
    /// <param name="body">The form, for a POST.</param>
    /// <exception cref="FlowException">The run cannot be read, or the answer cannot be stored.</exception>
    public async Task<HttpResponse> HandleAsync(HttpRequest request, EventPath path, byte[] body)
    {
        var link = Check(path).Link!;
        var empty = new ReceivedEvent(link.RunId, link.Name, link.Id, EventSenderName.OfLink(link, given: null), EventBody.NewTable()) { Incarnation = link.Incarnation };
        var run = await receiver.FindAsync(link.RunId);
        if (receiver.Refuse(run, empty) is { } refused && (request.Method != "POST" || refused.Result != EventResult.Repeated))
            return Refuse(refused);
        EventWaiter[] waiters = [.. EventWaiter.In(run!.State, link.Name).Where(waiter => waiter.CanTake)];
        var isSensitive = waiters.Length == 0 || Array.Exists(waiters, waiter => waiter.Task.IsSensitive);
        var form = new EventForm(waiters.Select(waiter => waiter.Task.Event!.Check?.Fields).FirstOrDefault() ?? [], isSensitive);
        return request.Method == "POST" ? await TakeAsync(link, empty, run, waiters, form, isSensitive, body) : EventPage.Ask(link, run, waiters, form, sent: null, refused: null);
    }

    /// <summary>Creates the response to a failure of the store or channel.</summary>
    public static HttpResponse Failed(FlowException fault) => fault.Id == FlowErrorId.RunNotFound
        ? EventPage.Refuse(HttpStatusCode.NotFound, "There is no such run", "It was removed in the meantime.")
        : fault.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion
        ? EventPage.Refuse(HttpStatusCode.InternalServerError, "The run cannot be read", "Its record is damaged. Inform the operators of the flow.")
        : EventPage.Refuse(HttpStatusCode.ServiceUnavailable, "This did not work", "The answer may not have been recorded. Try again in a moment; it counts only once.");

    private async Task<HttpResponse> TakeAsync(EventLink link, ReceivedEvent empty, AddressedRun run, EventWaiter[] waiters, EventForm form, bool isSensitive, byte[] body)
    {
        ILookup<string, string> sent;
        try
        {
            sent = EventBody.ReadForm(body);
        }
        catch (FormatException e)
        {
            return EventPage.Refuse(HttpStatusCode.BadRequest, "The form cannot be read", e.Message);
        }

        // A crawler that posts to URLs it finds does not send the button.
        if (!sent.Contains(EventForm.Button))
            return EventPage.Refuse(HttpStatusCode.BadRequest, "Nothing was sent", "Open the link and submit its form.");
        if (run.Knows(link.Id))
            return Refuse(await receiver.ReceiveAsync(empty));
        if (form.Missing is not null)
            return EventPage.Ask(link, run, waiters, form, sent: null, refused: null);
        var payload = form.Read(sent);
        var post = empty with { By = EventSenderName.OfLink(link, sent[EventForm.Sender].LastOrDefault()), Payload = payload ?? empty.Payload };
        var outcome = payload is null ? new(EventResult.Wrong, "The form has changed since it was shown.") : await receiver.ReceiveAsync(post);
        if (outcome.Result is EventResult.Wrong or EventResult.Full)
            return EventPage.Ask(link, run, waiters, form, sent, isSensitive ? Mask(outcome) : outcome);
        if (!outcome.IsReceived || outcome.Result == EventResult.Repeated)
            return Refuse(outcome);
        options.Dispatcher.Post(EventJson.NoteOf(post, outcome));
        return EventPage.Done(link, outcome, post.By, post.Payload, isSensitive);
    }

    // PowerShell's validation messages quote the value.
    private static EventOutcome Mask(EventOutcome outcome) =>
        outcome with { Faults = [.. outcome.Faults.Select(fault => fault with { Fault = "It is missing, or is not allowed." })] };

    private static HttpResponse Refuse(EventOutcome outcome)
    {
        var (status, title) = outcome.Result switch
        {
            EventResult.Repeated => (HttpStatusCode.Gone, "This link has been used"),
            EventResult.NoRun => (HttpStatusCode.NotFound, "There is no such run"),
            EventResult.OtherRun => (HttpStatusCode.Conflict, "The run was started again"),
            EventResult.Stopped => (HttpStatusCode.Conflict, "The run was stopped"),
            EventResult.NotAwaited => (HttpStatusCode.Conflict, "Nothing waits for this any more"),
            EventResult.Unknown => (HttpStatusCode.NotFound, "Nothing waits for this"),
            _ => (HttpStatusCode.Conflict, "The run is over"),
        };
        return EventPage.Refuse(status, title, outcome.Result == EventResult.Repeated ? "It can be used only once, and an answer is already recorded. Nothing was changed now." : outcome.Text);
    }
}
