using System.Text.Json;
using PrefectPS.Flows;

namespace PrefectPS.Documents;

/// <summary>Reads and writes a run's control state: the number of requests, kept events, and whether it is stopped or suspended.</summary>
internal static class RunControlText
{
    private const string Stopped = "stopped";
    private const string Suspended = "suspended";

    /// <summary>Writes the property; nothing for a run without requests.</summary>
    public static void Write(Utf8JsonWriter json, RunControl control)
    {
        if (control is { Count: 0, Hold: null, Events.Count: 0, TimeoutFrom: null, Due.Count: 0 })
            return;
        json.WriteStartObject(DocumentKeys.Control);
        if (control.Count > 0)
            json.WriteNumber(DocumentKeys.Count, control.Count);
        EventText.WriteKept(json, control.Events);
        if (control.TimeoutFrom is { } from)
            json.WriteString(DocumentKeys.TimeoutFrom, from.UtcDateTime);
        RequestText.WriteTexts(json, DocumentKeys.Notices, control.Due.Count > 0 ? [.. control.Due.Select(due => due.ToString())] : null);
        if (control.Hold is { } hold)
        {
            json.WriteString(RecordKeys.Mark, hold.IsStop ? Stopped : Suspended);
            json.WriteString(DocumentKeys.By, hold.By);
            json.WriteString(DocumentKeys.At, hold.At.UtcDateTime);
            if (hold.Reason is not null)
                json.WriteString(DocumentKeys.Reason, hold.Reason);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the property's value.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static RunControl Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        bool? isStop = null;
        var (count, by) = (0, string.Empty);
        string? reason = null;
        DateTimeOffset at = default;
        List<RunEvent> events = [];
        DateTimeOffset? timeoutFrom = null;
        List<NotifyReason> due = [];
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Count:
                    count = JsonTokens.Integer(ref json, min: 0);
                    break;
                case DocumentKeys.Events:
                    events = JsonTokens.List(ref json, "an array of events", EventText.ReadKept);
                    break;
                case DocumentKeys.TimeoutFrom:
                    timeoutFrom = JsonTokens.TimeOrNull(ref json);
                    break;
                case DocumentKeys.Notices:
                    due = JsonTokens.List(ref json, "an array of notices", ReadNotice);
                    break;
                case RecordKeys.Mark:
                    isStop = ReadIsStop(ref json);
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
                default:
                    json.Skip();
                    break;
            }
        }

        return new() { Count = count, Events = events, TimeoutFrom = timeoutFrom, Due = due, Hold = isStop is { } stops ? new(stops, by, at, reason) : null };
    }

    /// <summary>Reads a pending notification.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static NotifyReason ReadNotice(ref Utf8JsonReader json)
    {
        var name = JsonTokens.String(ref json);
        return Enum.TryParse<NotifyReason>(name, out var reason) ? reason : throw JsonTokens.Fault(ref json, $"'{JsonTokens.Shorten(name)}' is not a reason to notify");
    }

    private static bool ReadIsStop(ref Utf8JsonReader json) =>
        JsonTokens.Is(ref json, Stopped) || (JsonTokens.Is(ref json, Suspended) ? false : throw JsonTokens.Fault(ref json, $"'{Stopped}' or '{Suspended}' was expected"));
}
