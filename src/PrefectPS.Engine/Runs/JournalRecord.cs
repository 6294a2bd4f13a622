using System.Globalization;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A record of a run's journal; <see cref="Apply"/> applies its entries.</summary>
internal sealed class JournalRecord
{
    private static readonly string[] InAll = [RecordKeys.Record, RecordKeys.Holder, DocumentKeys.Step, RecordKeys.History, DocumentKeys.Tasks];

    private (int Start, int Length) _history; // ranges in the content; empty if absent
    private (int Start, int Length) _log;

    private JournalRecord(byte[] content) => Content = content;

    /// <summary>The serialized record.</summary>
    public byte[] Content { get; }

    /// <summary>The record's number.</summary>
    public int Number { get; private set; }

    /// <summary>Number of the step that wrote the record.</summary>
    public int Step { get; private set; }

    /// <summary>The holder that wrote the record; null in a segment.</summary>
    public string? Holder { get; private set; }

    /// <summary>Location of earlier records; null if not stated.</summary>
    public JournalBase? Base { get; private set; }

    /// <summary>True if the record opens its step.</summary>
    public bool Opens { get; private set; }

    /// <summary>True if the record closes its step.</summary>
    public bool Closes { get; private set; }

    /// <summary>True if the step was interrupted and says so: it did not crash.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>True if the record has its entries, which may be dropped once a checkpoint includes them.</summary>
    public bool HasEntries { get; private set; }

    /// <summary>True if tasks cancelled before the step were reset in it.</summary>
    public bool Resets { get; private set; }

    /// <summary>True if tasks cancelled at the step's end were reset.</summary>
    public bool ResetsAfter { get; private set; }

    /// <summary>The state changes, as an array.</summary>
    public byte[] History => Part(_history);

    /// <summary>The log lines, as an array.</summary>
    public byte[] Log => Part(_log);

    /// <summary>Size of the log lines in bytes.</summary>
    public int LogBytes => Math.Max(_log.Length, JsonArrays.Empty.Length);

    /// <summary>True if the record has log lines.</summary>
    public bool HasLog => _log.Length > JsonArrays.Empty.Length;

    /// <summary>Bytes that a step has to read: all but the log.</summary>
    public int StateBytes => Content.Length - LogBytes;

    /// <summary>Deserializes all but the entries.</summary>
    /// <param name="content">The record.</param>
    /// <param name="number">Expected number, by its path, which detects copies. Null in a segment, where entries may be missing.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: the content is not a record, or lacks a required property.</exception>
    public static JournalRecord Read(byte[] content, int? number = null) => RecordReader.Read(content, (ref Utf8JsonReader json) =>
    {
        var record = new JournalRecord(content);
        var missing = new List<string>(number is null ? [RecordKeys.Record, DocumentKeys.Step, RecordKeys.History] : InAll);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            missing.Remove(key);
            switch (key)
            {
                case RecordKeys.Record:
                    record.Number = JsonTokens.Integer(ref json, min: 1);
                    if (number is { } place && record.Number != place)
                        throw JsonTokens.Fault(ref json, $"the record has the number {Text(record.Number)}, and the place of number {Text(place)}");
                    break;
                case RecordKeys.Holder:
                    record.Holder = JsonTokens.Name(ref json);
                    break;
                case DocumentKeys.Step:
                    record.Step = JsonTokens.Integer(ref json, min: 0);
                    break;
                case RecordKeys.Base:
                    record.Base = JournalBase.Read(ref json);
                    break;
                case RecordKeys.Resets:
                    record.Resets = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.ResetsAfter:
                    record.ResetsAfter = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.Opens:
                    JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
                    record.Opens = true;
                    json.Skip();
                    break;
                case RecordKeys.Closes:
                    record.Closes = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.Interrupted:
                    record.IsInterrupted = JsonTokens.Flag(ref json);
                    break;
                case RecordKeys.History:
                    JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of changes");
                    record._history = PlaceOf(ref json);
                    break;
                case RecordKeys.Log:
                    JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of lines");
                    record._log = PlaceOf(ref json);
                    break;
                case DocumentKeys.Tasks:
                    record.HasEntries = true;
                    json.Skip();
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        return missing.Count == 0 ? record : throw JsonTokens.Fault(ref json, $"the record has no '{missing[0]}'");
    });

    /// <summary>The record without its entries, which a checkpoint includes.</summary>
    public JournalRecord WithoutEntries() => Of(Number, Step, History, JsonArrays.Empty);

    /// <summary>The record without its log lines, which a log segment holds.</summary>
    public JournalRecord WithoutLog() => HasLog ? Read(JsonStyle.ToBytes(json =>
    {
        var read = new Utf8JsonReader(Content, JsonStyle.Reader);
        read.Read();
        json.WriteStartObject();
        while (read.Read() && read.TokenType == JsonTokenType.PropertyName)
        {
            var key = read.GetString()!;
            read.Read();
            var value = Slice(ref read, Content);
            if (key == RecordKeys.Log)
                continue;
            json.WritePropertyName(key);
            json.WriteRawValue(value, skipInputValidation: true);
        }

        json.WriteEndObject();
    })) : this;

    /// <summary>A record with only log lines, as in a log segment.</summary>
    /// <param name="number">The record's number.</param>
    /// <param name="step">The step's number.</param>
    /// <param name="lines">The lines, as an array.</param>
    public static JournalRecord OfLog(int number, int step, byte[] lines) => Of(number, step, JsonArrays.Empty, lines);

    private static JournalRecord Of(int number, int step, byte[] history, byte[] lines) => Read(JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber(RecordKeys.Record, number);
        json.WriteNumber(DocumentKeys.Step, step);
        json.WritePropertyName(RecordKeys.History);
        json.WriteRawValue(history, skipInputValidation: true);
        if (lines.Length > JsonArrays.Empty.Length)
        {
            json.WritePropertyName(RecordKeys.Log);
            json.WriteRawValue(lines, skipInputValidation: true);
        }

        json.WriteEndObject();
    }));

    /// <summary>Applies the entries to the run, in order.</summary>
    /// <param name="run">The run.</param>
    /// <param name="changed">Receives the indexes of the run's tasks that the entries concern.</param>
    /// <param name="progress">Receives what could not be matched with the flow.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>.</exception>
    public void Apply(RunStates run, ISet<int> changed, ReadingProgress progress) => RecordReader.Read(Content, (ref Utf8JsonReader json) =>
    {
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key is not (DocumentKeys.Tasks or RecordKeys.Cancelled))
            {
                json.Skip();
                continue;
            }

            JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of tasks");
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                ApplyEntry(ref json, run, changed, progress);
        }

        return true;
    });

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The raw JSON value at the reader's current token.</summary>
    public static byte[] Slice(ref Utf8JsonReader json, byte[] content)
    {
        var (start, length) = PlaceOf(ref json);
        return content.AsSpan(start, length).ToArray();
    }

    private static (int Start, int Length) PlaceOf(ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return (start, (int)json.BytesConsumed - start);
    }

    private byte[] Part((int Start, int Length) place) => place.Length == 0 ? JsonArrays.Empty : Content.AsSpan(place.Start, place.Length).ToArray();

    // An entry is [selection], [path, child, task] or, for a task of the run itself, the task.
    private static void ApplyEntry(ref Utf8JsonReader json, RunStates run, ISet<int> changed, ReadingProgress progress)
    {
        if (RequestEntry.TryApply(ref json, run) || NoticeEntry.TryApply(ref json, run))
            return;
        RunStates? owner = run;
        int? child = null;
        var isInside = json.TokenType == JsonTokenType.StartArray;
        if (isInside)
        {
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject)
            {
                run.ApplySelection(SelectionDocument.Read(ref json));
                json.Read(); // the end of the array
                return;
            }

            owner = ReadPath(ref json, run, progress);
            json.Read();
            child = ReadIndex(ref json);
            json.Read();
        }

        if (owner is null)
            json.Skip();
        else
            ApplyEntry(ref json, owner, child, changed, progress);
        if (isInside)
            json.Read(); // the end of the array
    }

    private static void ApplyEntry(ref Utf8JsonReader json, RunStates owner, int? child, ISet<int> changed, ReadingProgress progress)
    {
        var entry = new TaskEntryReader(owner.Flow, owner.Results, progress, owner.Started).Read(ref json, position: int.MaxValue);
        if (entry.Slug is { } slug && owner.Flow.Find(slug) is { } task)
        {
            changed.Add(RootTask(owner) ?? task.Index);
            if (owner.StateOf(task.Index, child) is { } before)
                owner.Apply(new(owner, task, child, before, StateMatcher.StateOf(entry, owner.Started), TaskEventKind.Settled));
        }
        else
        {
            progress.WarnOfLostTask(() => $"Task '{entry.Slug}' in the journal of the run is not in flow '{owner.Flow.Name}'; its state {entry.State!.Type} is ignored.");
        }
    }

    // The task of the root run that contains a subflow run; null for the root run.
    private static int? RootTask(RunStates run) => run.Owner is { } owner ? RootTask(owner.Run) ?? owner.Task.Index : null;

    // Null if a task on the path is no longer in the flow, or has no subflow run.
    private static RunStates? ReadPath(ref Utf8JsonReader json, RunStates run, ReadingProgress progress)
    {
        RunStates? at = run;
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of tasks and children");
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var slug = JsonTokens.String(ref json);
            json.Read();
            var child = ReadIndex(ref json);
            at = at?.Flow.Find(slug) is { } task ? at.SubflowOf(task, child) : null;
            if (at is null)
                progress.Warn(() => $"Task '{slug}' in the journal of the run has no subflow in flow '{run.Flow.Name}'; the entries of its subflow are ignored.");
        }

        return at;
    }

    private static int? ReadIndex(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Null ? null : JsonTokens.Integer(ref json, min: 0);
}
