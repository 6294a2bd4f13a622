using System.Collections;
using System.Net;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Http.Events.Pages;
using PrefectPS.Http.Listening;
using PrefectPS.Http.Serving;
using PrefectPS.Runs;

namespace PrefectPS.Http.Events;

/// <summary>Answers who opens a link, and who sends the form that it shows. Nothing is changed but by the form.</summary>
internal sealed class EventLinks(EventOptions options, SigningKeys keys, EventReceiver receiver, BodyReader bodies)
{
    /// <summary>Checks a link by itself, before anything is read for it.</summary>
    /// <returns>The link, or why it is refused.</returns>
    public (EventLink? Link, HttpAnswer? Refusal) Check(EventPath path)
    {
        if (EventLink.Read(path.Query, keys) is not { } link)
            return (null, EventPage.Refuse(HttpStatusCode.Forbidden, "This link is not valid", "It was changed or truncated, or was created for another listener. Ask for a new link."));
        if (link.Expires <= options.Clock.GetUtcNow())
            return (null, EventPage.Refuse(HttpStatusCode.Gone, "This link has expired", "It can no longer be used. Ask for a new link."));
        return link.Flow == options.Reception.Flow.Name ? (link, null)
            : (null, EventPage.Refuse(HttpStatusCode.NotFound, "This flow is not served here", $"The link is for flow '{link.Flow}', which another listener serves."));
    }

    /// <summary>Reads a form.</summary>
    /// <returns>The body, or the answer where it cannot be had.</returns>
    public async ValueTask<(byte[]? Body, HttpAnswer Refusal)> ReadAsync(HttpRequest request)
    {
        if (!EventBody.IsForm(request.Header("Content-Type")))
            return (null, HttpStatusCode.UnsupportedMediaType);
        var (body, fault) = await bodies.ReadAsync(request);
        return (body, fault);
    }

    /// <summary>Answers a request with a link.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The link.</param>
    /// <param name="body">The form, of who sends it.</param>
    /// <exception cref="FlowException">The run cannot be read, or the answer not be stored.</exception>
    public async Task<HttpAnswer> AnswerAsync(HttpRequest request, EventPath path, byte[] body)
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

    /// <summary>Answers where the store or the channel has failed.</summary>
    public static HttpAnswer Failed(FlowException fault) => fault.Id == FlowErrorId.RunNotFound
        ? EventPage.Refuse(HttpStatusCode.NotFound, "There is no such run", "It was removed in the meantime.")
        : fault.Id is FlowErrorId.RunDamaged or FlowErrorId.RecordVersion
        ? EventPage.Refuse(HttpStatusCode.InternalServerError, "The run cannot be read", "Its record is damaged. Inform the operators of the flow.")
        : EventPage.Refuse(HttpStatusCode.ServiceUnavailable, "This did not work", "The answer may not have been recorded. Try again in a moment; it counts only once.");

    private async Task<HttpAnswer> TakeAsync(EventLink link, ReceivedEvent empty, AddressedRun run, EventWaiter[] waiters, EventForm form, bool isSensitive, byte[] body)
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

        // A program that posts to addresses which it finds has no button.
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
        options.Desk.Tell(EventJson.NoteOf(post, outcome));
        return EventPage.Done(link, outcome, post.By, post.Payload, isSensitive);
    }

    // What PowerShell says of a value repeats the value.
    private static EventOutcome Mask(EventOutcome outcome) =>
        outcome with { Faults = [.. outcome.Faults.Select(fault => fault with { Fault = "It is missing, or is not allowed." })] };

    private static HttpAnswer Refuse(EventOutcome outcome)
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
