using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>What stands before the rest in the state document of a run's folder: which records of the journal it includes.</summary>
/// <param name="Record">The number of the last one.</param>
/// <param name="Openings">The numbers of the last records that opened a step, the newest last. They are kept.</param>
/// <param name="Holder">The step that wrote it, so that no two steps write the same.</param>
internal sealed record JournalCheckpoint(int Record, IReadOnlyList<int> Openings, string Holder)
{
    /// <summary>How many records that opened steps are kept: a step that has been taken over so many steps ago learns of it at its next write.</summary>
    public const int KeptOpenings = 16;

    /// <summary>Before the first step.</summary>
    public static readonly JournalCheckpoint None = new(0, [], string.Empty);

    /// <summary>The document of a run that includes these records.</summary>
    public byte[] Write(FlowState run) => FlowStateWriter.Write(run, json =>
    {
        json.WriteStartObject(RecordKeys.Journal);
        json.WriteNumber(RecordKeys.Record, Record);
        json.WriteString(RecordKeys.Holder, Holder);
        json.WriteStartArray(RecordKeys.Openings);
        foreach (var opening in Openings)
            json.WriteNumberValue(opening);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Reads it from a document.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static JournalCheckpoint Read(byte[] document) => RecordReader.Read(document, (ref Utf8JsonReader json) =>
    {
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == RecordKeys.Journal)
                return ReadHead(ref json);
            json.Skip();
        }

        return None;
    });

    /// <summary>Reads when the run of a document was started, and which step left it so.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static (DateTimeOffset Started, int Step)? ReadRun(byte[] document) => RecordReader.Read<(DateTimeOffset, int)?>(document, (ref Utf8JsonReader json) =>
    {
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Run)
                return ReadRun(ref json);
            json.Skip();
        }

        return null;
    });

    private static (DateTimeOffset Started, int Step)? ReadRun(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        DateTimeOffset? started = null;
        var step = 0;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Started:
                    started = JsonTokens.Time(ref json);
                    break;
                case DocumentKeys.Step:
                    step = JsonTokens.Integer(ref json, min: 0);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return started is { } time ? (time, step) : null;
    }

    private static JournalCheckpoint ReadHead(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var (record, holder) = (0, string.Empty);
        var openings = new List<int>();
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case RecordKeys.Record:
                    record = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Holder:
                    holder = JsonTokens.String(ref json);
                    break;
                case RecordKeys.Openings:
                    JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of numbers");
                    while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                        openings.Add(JsonTokens.Integer(ref json, min: 0));
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return new(record, openings, holder);
    }
}
