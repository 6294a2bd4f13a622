using System.Net;
using System.Text.Json;
using PrefectPS.Http.Serving;
using PrefectPS.Results;

namespace PrefectPS.Http.Events;

/// <summary>JSON responses to programs that send events.</summary>
internal static class EventJson
{
    private static readonly KeyValuePair<string, string>[] Headers = [new("Cache-Control", "no-store"), new("X-Content-Type-Options", "nosniff")];

    /// <summary>Creates the response for an outcome.</summary>
    public static HttpResponse Of(ReceivedEvent sent, EventOutcome outcome) => outcome.IsReceived
        ? Of(outcome.Result == EventResult.Stored ? HttpStatusCode.Accepted : HttpStatusCode.OK, json =>
        {
            json.WriteString("id", sent.Id);
            json.WriteString("result", outcome.Result.ToString());
            json.WriteString("run", sent.RunId);
            if (outcome.Run is { } run)
                json.WriteString("state", run.State.ToString());
        })
        : Refuse(StatusOf(outcome.Result), outcome.Result.ToString(), outcome.Text, outcome.Faults);

    /// <summary>Creates an error response.</summary>
    public static HttpResponse Refuse(HttpStatusCode status, string id, string text, IReadOnlyList<Flows.ParameterFault>? faults = null) => Of(status, json =>
    {
        json.WriteStartObject("error");
        json.WriteString("id", id);
        json.WriteString("message", text);
        if (faults is { Count: > 0 })
        {
            json.WriteStartArray("parameters");
            foreach (var fault in faults)
            {
                json.WriteStartObject();
                json.WriteString("name", fault.Parameter);
                json.WriteString("message", fault.Fault);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    });

    /// <summary>Creates the response to a failure.</summary>
    public static HttpResponse Failed(FlowException fault) => fault.Id switch
    {
        FlowErrorId.RunNotOnRecord => Refuse(HttpStatusCode.Conflict, fault.Id, fault.Message),
        FlowErrorId.EventInvalid => Refuse((HttpStatusCode)422, fault.Id, fault.Message),
        FlowErrorId.RunNotFound => Refuse(HttpStatusCode.NotFound, fault.Id, "The run was removed in the meantime."),
        FlowErrorId.RunDamaged or FlowErrorId.RecordVersion => Refuse(HttpStatusCode.InternalServerError, fault.Id, "The record of the run cannot be read."),
        _ => Refuse(HttpStatusCode.ServiceUnavailable, fault.Id, "The event may not have been stored. Send it again with its id; it counts only once."),
    };

    /// <summary>Describes a received event in one line, without its payload.</summary>
    public static string NoteOf(ReceivedEvent sent, EventOutcome outcome) => $"Event '{sent.Name}' for run '{sent.RunId}' from {sent.By}: {outcome.Result}.";

    private static HttpStatusCode StatusOf(EventResult result) => result switch
    {
        EventResult.NoRun or EventResult.Unknown => HttpStatusCode.NotFound,
        EventResult.Wrong => (HttpStatusCode)422,
        EventResult.Full => HttpStatusCode.RequestEntityTooLarge,
        _ => HttpStatusCode.Conflict,
    };

    private static HttpResponse Of(HttpStatusCode status, Action<Utf8JsonWriter> write)
    {
        var content = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        });
        return new(status) { Content = new("application/json", content, Headers) };
    }
}
