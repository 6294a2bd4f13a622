using System.Text.Json;
using PrefectPS.Documents;

namespace PrefectPS.Runs;

/// <summary>
/// Where earlier records are now: segment and checkpoint. Each record that opens or closes a step, or follows a merge, states it: a segment or checkpoint
/// counts once a record references it.
/// </summary>
/// <param name="Merged">Number of the last merged record; 0 if none.</param>
/// <param name="Segment">Name of the newest segment, which names the others; null if none.</param>
/// <param name="Checkpoint">The newest checkpoint; null if none.</param>
internal sealed record JournalBase(int Merged, string? Segment, CheckpointReference? Checkpoint)
{
    /// <summary>The base of the first record.</summary>
    public static readonly JournalBase None = new(0, null, null);

    /// <summary>The newest log segment; null if none.</summary>
    public LogReference? Log { get; init; }

    /// <summary>Number of the last record whose lines are in log segments; 0 if none.</summary>
    public int Logged => Log?.Record ?? 0;

    /// <summary>Number of the last record included in the checkpoint; 0 if none.</summary>
    public int Included => Checkpoint?.Record ?? 0;

    /// <summary>Serializes the base as a property of a record.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(RecordKeys.Base);
        json.WriteNumber(RecordKeys.Merged, Merged);
        if (Segment is not null)
            json.WriteString(RecordKeys.Segment, Segment);
        if (Checkpoint is { } checkpoint)
            WriteMark(json, RecordKeys.Checkpoint, checkpoint.Name, checkpoint.Record, checkpoint.Bytes);
        if (Log is { } log)
            WriteMark(json, RecordKeys.Log, log.Name, log.Record, bytes: null);
        json.WriteEndObject();
    }

    private static void WriteMark(Utf8JsonWriter json, string key, string name, int record, int? bytes)
    {
        json.WriteStartObject(key);
        json.WriteString(DocumentKeys.Name, name);
        json.WriteNumber(RecordKeys.Record, record);
        if (bytes is { } size)
            json.WriteNumber(RecordKeys.Bytes, size);
        json.WriteEndObject();
    }

    /// <summary>Deserializes the value of the property.</summary>
    /// <exception cref="DocumentFaultException">The value is invalid.</exception>
    public static JournalBase Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var read = None;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case RecordKeys.Merged:
                    read = read with { Merged = JsonTokens.Integer(ref json, min: 0) };
                    break;
                case RecordKeys.Segment:
                    read = read with { Segment = JsonTokens.Name(ref json) };
                    break;
                case RecordKeys.Checkpoint:
                    read = read with { Checkpoint = ReadCheckpoint(ref json) };
                    break;
                case RecordKeys.Log:
                    read = read with { Log = ReadLog(ref json) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return read;
    }

    private static LogReference ReadLog(ref Utf8JsonReader json)
    {
        var (name, record, _) = ReadMark(ref json);
        return new(name, record);
    }

    private static CheckpointReference ReadCheckpoint(ref Utf8JsonReader json)
    {
        var (name, record, bytes) = ReadMark(ref json);
        return new(name, record, bytes);
    }

    private static (string Name, int Record, int Bytes) ReadMark(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var (name, record, bytes) = (string.Empty, 0, 0);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Name)
                name = JsonTokens.Name(ref json);
            else if (key == RecordKeys.Record)
                record = JsonTokens.Integer(ref json, min: 0);
            else if (key == RecordKeys.Bytes)
                bytes = JsonTokens.Integer(ref json, min: 0);
            else
                json.Skip();
        }

        return (name, record, bytes);
    }
}
