using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads and writes control requests: in a run's inbox and, once applied, in its journal.</summary>
internal static class RequestText
{
    private const string Texts = "an array of texts";

    /// <summary>Writes a request's properties into the current object.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a task's new result cannot be serialized.</exception>
    public static void Write(Utf8JsonWriter json, ControlRequest request, IValueAdapter values)
    {
        json.WriteString(RecordKeys.Request, request.Id);
        json.WriteString(RecordKeys.Kind, request.Kind.ToString());
        json.WriteString(DocumentKeys.By, request.By);
        json.WriteString(DocumentKeys.At, request.At.UtcDateTime);
        if (request.Reason is not null)
            json.WriteString(DocumentKeys.Reason, request.Reason);
        if (request.IsSpecial)
            json.WriteBoolean(RecordKeys.Special, true);
        if (request.Event is { } sent)
            EventText.WriteSent(json, sent);
        if (request.Refused is not null)
            json.WriteString(RecordKeys.Refused, request.Refused);
        if (request.Edit is not { } edit)
            return;
        json.WriteStartObject(RecordKeys.Edit);
        WriteEdit(json, edit, values);
        json.WriteEndObject();
    }

    /// <summary>Reads a request's properties to the end of the current object.</summary>
    /// <param name="json">The reader, at the object's start.</param>
    /// <param name="values">Creates objects of the language.</param>
    /// <returns>The request with its recorded effects; null for a kind of a later version.</returns>
    /// <exception cref="DocumentFaultException">The request is malformed.</exception>
    public static AppliedRequest? Read(ref Utf8JsonReader json, IValueAdapter values)
    {
        var (id, kind, by) = (string.Empty, string.Empty, string.Empty);
        string? reason = null;
        DateTimeOffset at = default;
        TaskEdit? edit = null;
        SentEvent? sent = null;
        string? refused = null;
        var (isSpecial, isVoid) = (false, false);
        List<string> tasks = [];
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case RecordKeys.Request:
                    id = JsonTokens.Name(ref json);
                    break;
                case RecordKeys.Kind:
                    kind = JsonTokens.Name(ref json);
                    break;
                case DocumentKeys.By:
                    by = JsonTokens.String(ref json);
                    break;
                case DocumentKeys.At:
                    at = JsonTokens.Time(ref json);
                    break;
                case DocumentKeys.Reason:
                    reason = JsonTokens.StringOrNull(ref json);
                    break;
                case RecordKeys.Special:
                    isSpecial = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.Void:
                    isVoid = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.Edit:
                    edit = ReadEdit(ref json, values);
                    break;
                case DocumentKeys.Event:
                    sent = EventText.ReadSent(ref json);
                    break;
                case RecordKeys.Refused:
                    refused = JsonTokens.Name(ref json);
                    break;
                case DocumentKeys.Tasks:
                    tasks = JsonTokens.List(ref json, Texts, JsonTokens.String);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (id.Length == 0 || by.Length == 0)
            throw JsonTokens.Fault(ref json, "a request with an id and a sender was expected");
        return KindOf(kind) is { } known && (known != RequestKind.Event || sent is not null)
            ? new(new(id, known, by, at) { Reason = reason, IsSpecial = isSpecial, Event = sent, Refused = refused, Edit = edit }, isVoid, tasks)
            : null;
    }

    /// <summary>Writes an array of strings; nothing for null.</summary>
    public static void WriteTexts(Utf8JsonWriter json, string key, IEnumerable<string>? texts)
    {
        if (texts is null)
            return;
        json.WriteStartArray(key);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static RequestKind? KindOf(string name) => name switch
    {
        nameof(RequestKind.Stop) => RequestKind.Stop,
        nameof(RequestKind.Suspend) => RequestKind.Suspend,
        nameof(RequestKind.Resume) => RequestKind.Resume,
        nameof(RequestKind.Edit) => RequestKind.Edit,
        nameof(RequestKind.Undo) => RequestKind.Undo,
        nameof(RequestKind.Event) => RequestKind.Event,
        nameof(RequestKind.Refuse) => RequestKind.Refuse,
        _ => null,
    };

    private static void WriteEdit(Utf8JsonWriter json, TaskEdit edit, IValueAdapter values)
    {
        json.WriteString(RecordKeys.To, edit.To.Name());
        WriteTexts(json, DocumentKeys.Tasks, edit.Tasks);
        WriteTexts(json, DocumentKeys.From, edit.From?.Select(type => type.Name()));
        if (edit.Message is not null)
            json.WriteString(DocumentKeys.Message, edit.Message);
        if (edit.DueTime is { } due)
            json.WriteString(DocumentKeys.StartTime, due.UtcDateTime);
        if (edit.IncludesDownstream)
            json.WriteBoolean(RecordKeys.Downstream, true);
        if (!edit.HasResult)
            return;
        json.WritePropertyName(DocumentKeys.Value);
        ValueWriter.Write(json, edit.Result, values);
    }

    private static TaskEdit ReadEdit(ref Utf8JsonReader json, IValueAdapter values)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var edit = new TaskEdit(StateType.Pending);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case RecordKeys.To:
                    edit = edit with { To = StateReader.ReadType(ref json) };
                    break;
                case DocumentKeys.Tasks:
                    edit = edit with { Tasks = JsonTokens.List(ref json, Texts, JsonTokens.String) };
                    break;
                case DocumentKeys.From:
                    edit = edit with { From = JsonTokens.List(ref json, "an array of state types", StateReader.ReadType) };
                    break;
                case DocumentKeys.Message:
                    edit = edit with { Message = JsonTokens.StringOrNull(ref json) };
                    break;
                case DocumentKeys.StartTime:
                    edit = edit with { DueTime = JsonTokens.TimeOrNull(ref json) };
                    break;
                case RecordKeys.Downstream:
                    edit = edit with { IncludesDownstream = JsonTokens.Flag(ref json) };
                    break;
                case DocumentKeys.Value:
                    edit = edit with { HasResult = true, Result = JsonTokens.Value(ref json, values) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return edit;
    }
}
