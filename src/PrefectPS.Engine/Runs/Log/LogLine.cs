using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>A line of a run's log, as recorded.</summary>
/// <param name="Time">Time relative to the run's start.</param>
/// <param name="Task">Path of the task; empty if lines of several tasks were dropped.</param>
/// <param name="Attempt">Attempt number, from 1; 0 for dropped lines.</param>
/// <param name="Stream">Source of the line.</param>
/// <param name="Text">The text.</param>
internal readonly record struct LogLine(TimeSpan Time, string Task, int Attempt, FlowLogSource Stream, string Text)
{
    // Estimated overhead per line: numbers, quotes, memory.
    private const int Overhead = 32;

    /// <summary>Number of the record that holds the line; 0 if none yet.</summary>
    public int Record { get; init; }

    /// <summary>Number of dropped lines, for a placeholder.</summary>
    public int Dropped { get; init; }

    /// <summary>Size used for the limits, in bytes.</summary>
    public int Size => Overhead + Encoding.UTF8.GetByteCount(Task) + Encoding.UTF8.GetByteCount(Text);

    /// <summary>Placeholder for dropped lines, at the position of the first.</summary>
    public static LogLine OfDropped(LogLine first, string task, int count) =>
        new(first.Time, task, 0, FlowLogSource.Dropped, string.Empty) { Record = first.Record, Dropped = count };

    /// <summary>Serializes the line: <c>[milliseconds, task, attempt, stream, text]</c>, or <c>[milliseconds, task, number of dropped lines]</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteNumberValue(JsonStyle.Milliseconds(Time));
        json.WriteStringValue(Task);
        if (Stream == FlowLogSource.Dropped)
        {
            json.WriteNumberValue(Dropped);
        }
        else
        {
            json.WriteNumberValue(Attempt);
            json.WriteStringValue(Stream.ToString());
            json.WriteStringValue(Text);
        }

        json.WriteEndArray();
    }

    /// <summary>Serializes lines as an array.</summary>
    public static byte[] Write(IEnumerable<LogLine> lines) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartArray();
        foreach (var line in lines)
            line.Write(json);
        json.WriteEndArray();
    });

    /// <summary>Deserializes an array of lines.</summary>
    /// <param name="record">Number of the record that holds them.</param>
    /// <param name="content">The array.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static List<LogLine> Read(int record, byte[] content)
    {
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            return JsonTokens.List(ref json, "an array of lines", (ref Utf8JsonReader each) => Read(ref each, record));
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(content, e);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(content, e);
        }
    }

    private static LogLine Read(ref Utf8JsonReader json, int record)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "a line");
        json.Read();
        var time = JsonTokens.Milliseconds(ref json);
        json.Read();
        var task = JsonTokens.String(ref json);
        json.Read();
        var number = JsonTokens.Integer(ref json, min: 0);
        json.Read();
        if (json.TokenType == JsonTokenType.EndArray)
            return new(time, task, 0, FlowLogSource.Dropped, string.Empty) { Record = record, Dropped = number };
        var stream = Enum.TryParse<FlowLogSource>(JsonTokens.Name(ref json), out var known) ? known : FlowLogSource.Information; // from a later version
        json.Read();
        var text = JsonTokens.String(ref json);
        json.Read(); // the end
        return new(time, task, number, stream, text) { Record = record };
    }
}
