using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads and writes events: as sent, as kept by a run, and as awaited or consumed by a task.</summary>
internal static class EventText
{
    /// <summary>Writes a sent event.</summary>
    public static void WriteSent(Utf8JsonWriter json, SentEvent sent)
    {
        json.WriteStartObject(DocumentKeys.Event);
        json.WriteString(DocumentKeys.Name, sent.Name);
        WritePayload(json, sent.Payload);
        json.WriteEndObject();
    }

    /// <summary>Reads a sent event.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static SentEvent ReadSent(ref Utf8JsonReader json)
    {
        var read = Read(ref json);
        return new(read.Name, read.Payload);
    }

    /// <summary>Writes the events that no task has consumed yet; nothing for none.</summary>
    public static void WriteKept(Utf8JsonWriter json, IReadOnlyList<RunEvent> events)
    {
        if (events.Count == 0)
            return;
        json.WriteStartArray(DocumentKeys.Events);
        foreach (var sent in events)
        {
            json.WriteStartObject();
            json.WriteString(DocumentKeys.Id, sent.Id);
            json.WriteString(DocumentKeys.Name, sent.Name);
            json.WriteString(DocumentKeys.By, sent.By);
            json.WriteString(DocumentKeys.At, sent.At.UtcDateTime);
            WritePayload(json, sent.Payload);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads a kept event.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static RunEvent ReadKept(ref Utf8JsonReader json)
    {
        var read = Read(ref json);
        return read.Id is { } id && read.By is { } by
            ? new(id, read.Name, by, read.At, read.Payload)
            : throw JsonTokens.Fault(ref json, "an event with an id and a sender was expected");
    }

    /// <summary>Writes the event that a task awaits or consumed.</summary>
    public static void WriteAwaited(Utf8JsonWriter json, AwaitedEvent awaited)
    {
        json.WriteStartObject(DocumentKeys.Event);
        json.WriteString(DocumentKeys.Name, awaited.Name);
        if (awaited.Until is { } until)
            json.WriteString(DocumentKeys.Until, until.UtcDateTime);
        if (awaited.Id is not null)
            json.WriteString(DocumentKeys.Id, awaited.Id);
        if (awaited.By is not null)
            json.WriteString(DocumentKeys.By, awaited.By);
        WritePayload(json, awaited.Payload);
        if (awaited.IsLeftOut)
            json.WriteBoolean(DocumentKeys.LeftOut, true);
        if (awaited.IsWaived)
            json.WriteBoolean(DocumentKeys.Waived, true);
        json.WriteEndObject();
    }

    /// <summary>Reads the event that a task awaits or consumed.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static AwaitedEvent ReadAwaited(ref Utf8JsonReader json)
    {
        var read = Read(ref json);
        return new(read.Name)
        {
            Until = read.Until,
            Id = read.Id,
            By = read.Id is null ? null : read.By ?? string.Empty,
            Payload = read.Payload,
            IsLeftOut = read.IsLeftOut,
            IsWaived = read.IsWaived,
        };
    }

    private static void WritePayload(Utf8JsonWriter json, string? payload)
    {
        if (payload is not null)
            StateWriter.WriteRaw(json, DocumentKeys.Payload, payload);
    }

    private static string? ReadPayload(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        return RawJson.Read(ref json);
    }

    private static Fields Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an event");
        var fields = default(Fields);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Name:
                    fields.Name = JsonTokens.Name(ref json);
                    break;
                case DocumentKeys.Id:
                    fields.Id = JsonTokens.Name(ref json);
                    break;
                case DocumentKeys.By:
                    fields.By = JsonTokens.String(ref json);
                    break;
                case DocumentKeys.At:
                    fields.At = JsonTokens.Time(ref json);
                    break;
                case DocumentKeys.Until:
                    fields.Until = JsonTokens.TimeOrNull(ref json);
                    break;
                case DocumentKeys.Payload:
                    fields.Payload = ReadPayload(ref json);
                    break;
                case DocumentKeys.LeftOut:
                    fields.IsLeftOut = JsonTokens.Flag(ref json);
                    break;
                case DocumentKeys.Waived:
                    fields.IsWaived = JsonTokens.Flag(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return fields.Name is { Length: > 0 } ? fields : throw JsonTokens.Fault(ref json, "an event with a name was expected");
    }

    private struct Fields
    {
        public string Name;
        public string? Id;
        public string? By;
        public DateTimeOffset At;
        public DateTimeOffset? Until;
        public string? Payload;
        public bool IsLeftOut;
        public bool IsWaived;
    }
}
