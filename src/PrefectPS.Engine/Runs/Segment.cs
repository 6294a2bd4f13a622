using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>Merged journal records in one object, with references to older segments.</summary>
/// <param name="Mark">Reference to this segment.</param>
/// <param name="Openings">Numbers of opening records, up to its last record, that are kept beside the segments.</param>
/// <param name="Older">Older segments, oldest first.</param>
/// <param name="Records">The records, in order.</param>
internal sealed record Segment(SegmentReference Mark, IReadOnlyList<int> Openings, IReadOnlyList<SegmentReference> Older, IReadOnlyList<JournalRecord> Records)
    : SegmentOutline(Mark, Openings, Older)
{
    /// <summary>Maximum bytes of records to merge: two segments of this size can still be read as one object.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Serializes the segment.</summary>
    public byte[] Write() => PackedJson.Of(json =>
    {
        json.WriteStartObject();
        WriteMark(json, Mark);
        json.WriteStartArray(RecordKeys.Openings);
        foreach (var opening in Openings)
            json.WriteNumberValue(opening);
        json.WriteEndArray();
        json.WriteStartArray(RecordKeys.Segments);
        foreach (var older in Older)
        {
            json.WriteStartObject();
            WriteMark(json, older);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray(RecordKeys.Records);
        foreach (var record in Records)
        {
            json.WriteRawValue(record.Content, skipInputValidation: true);
            JsonStyle.FlushIfMuch(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }).Content;

    /// <summary>Deserializes a segment.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static Segment Read(byte[] packed)
    {
        var content = Packing.Gunzip(packed, Limits.MaxDocumentBytes);
        return RecordReader.Read(content, (ref Utf8JsonReader json) =>
        {
            List<int> openings = [];
            List<SegmentReference> older = [];
            List<JournalRecord> records = [];
            var mark = new SegmentReference(string.Empty, 0, 0, 0);
            var seen = default(SeenKeys);
            while (JsonTokens.NextProperty(ref json, ref seen, out var key))
            {
                if (key == RecordKeys.Openings)
                    openings = JsonTokens.List(ref json, "an array", (ref Utf8JsonReader each) => JsonTokens.Integer(ref each, min: 0));
                else if (key == RecordKeys.Segments)
                    older = JsonTokens.List(ref json, "an array", ReadMark);
                else if (key == RecordKeys.Records)
                    records = JsonTokens.List(ref json, "an array", (ref Utf8JsonReader each) => JournalRecord.Read(JournalRecord.Slice(ref each, content)));
                else
                    mark = ReadMark(ref json, key, mark);
            }

            return new Segment(mark, openings, older, records);
        });
    }

    private static void WriteMark(Utf8JsonWriter json, SegmentReference mark)
    {
        json.WriteString(DocumentKeys.Name, mark.Name);
        json.WriteNumber(RecordKeys.Record, mark.Last);
        json.WriteNumber(RecordKeys.Level, mark.Level);
        json.WriteNumber(RecordKeys.Bytes, mark.Bytes);
    }

    private static SegmentReference ReadMark(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a segment");
        var mark = new SegmentReference(string.Empty, 0, 0, 0);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
            mark = ReadMark(ref json, key, mark);
        return mark;
    }

    private static SegmentReference ReadMark(ref Utf8JsonReader json, string key, SegmentReference mark)
    {
        switch (key)
        {
            case DocumentKeys.Name:
                return mark with { Name = JsonTokens.Name(ref json) };
            case RecordKeys.Record:
                return mark with { Last = JsonTokens.Integer(ref json, min: 0) };
            case RecordKeys.Level:
                return mark with { Level = JsonTokens.Integer(ref json, min: 0) };
            case RecordKeys.Bytes:
                return mark with { Bytes = JsonTokens.Integer(ref json, min: 0) };
            default:
                json.Skip();
                return mark;
        }
    }
}
