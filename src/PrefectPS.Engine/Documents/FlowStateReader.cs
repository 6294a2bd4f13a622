using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Documents;

/// <summary>Reads a run from a state document: ours, or the bare array of task and state that the original trick sends.</summary>
internal ref struct FlowStateReader(Flow flow, ResultStore? results, IReadOnlyDictionary<string, object?> given, ReadingProgress progress)
{
    private readonly List<TaskEntry> _entries = [];
    private readonly Dictionary<string, object?> _parameters = RunParameters.NewTable();
    private string? _flowName;
    private string? _runId;
    private int _step;
    private DateTimeOffset? _started;
    private bool _isBareArray;

    /// <summary>Reads a document.</summary>
    /// <param name="flow">The flow it is about.</param>
    /// <param name="document">The document, UTF-8, with or without a byte order mark.</param>
    /// <param name="parameters">Values of the flow's parameters that the document does not carry; null for none.</param>
    /// <returns>The run, and what in the document could not be matched with the flow.</returns>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.StateInvalid"/>, with the place and what was expected there, or <see cref="FlowErrorId.ParameterInvalid"/>.
    /// </exception>
    public static DecodedState Read(Flow flow, ReadOnlySpan<byte> document, IReadOnlyDictionary<string, object?>? parameters = null)
    {
        if (document.StartsWith("\uFEFF"u8))
            document = document.Slice("\uFEFF"u8.Length);
        try
        {
            if (document.Length > DocumentLimits.MaxBytes)
                throw new DocumentFaultException($"it is larger than {DocumentLimits.MaxBytes} bytes", 0);
            var progress = new ReadingProgress();
            var run = new FlowStateReader(flow, flow.Results, parameters ?? RunParameters.None, progress).ReadDocument(document);
            return new(run, progress.Warnings);
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(document, e);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(document, e);
        }
    }

    /// <summary>Reads the run of a flow that is a task's body, which a document carries inside that task's entry.</summary>
    public static FlowState ReadSubrun(Flow flow, ResultStore? results, ReadingProgress progress, ref Utf8JsonReader json)
    {
        var reader = new FlowStateReader(flow, flow.Results ?? results, RunParameters.None, progress);
        reader.ReadEnvelope(ref json);
        return reader.Match();
    }

    private FlowState ReadDocument(ReadOnlySpan<byte> document)
    {
        var json = new Utf8JsonReader(document, JsonStyle.Reader);
        json.Read();
        if (json.TokenType == JsonTokenType.StartArray)
        {
            _isBareArray = true;
            ReadTasks(ref json);
        }
        else
        {
            ReadEnvelope(ref json);
        }

        json.Read(); // anything behind the document is an error of the JSON reader's
        return Match();
    }

    private readonly FlowState Match()
    {
        var services = flow.Services;
        var now = services.Clock.GetUtcNow();
        var id = _runId ?? services.NewRunId(now);
        var run = new RunInfo(id, _step, _started ?? now, RunParameters.Complete(flow, id, _parameters, given));
        return new StateMatcher(flow, run, matchByName: _isBareArray, progress.Warnings).Match(_entries, _flowName, _parameters.Keys);
    }

    private void ReadEnvelope(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a state document (an object or an array)");
        var start = json.TokenStartIndex;
        var hasTasks = false;
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Version when JsonTokens.Integer(ref json, min: 1) is var version and not FlowStateWriter.Version:
                    throw JsonTokens.Fault(ref json, $"the version is {version}; this PrefectPS reads version {FlowStateWriter.Version}");
                case DocumentKeys.Flow:
                    ReadFlow(ref json);
                    break;
                case DocumentKeys.Run:
                    ReadRun(ref json);
                    break;
                case DocumentKeys.Tasks:
                    JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of tasks");
                    ReadTasks(ref json);
                    hasTasks = true;
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        if (!hasTasks)
            throw new DocumentFaultException("the document has no 'tasks'", start);
    }

    private void ReadFlow(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Name)
                _flowName = JsonTokens.String(ref json);
            else
                json.Skip();
        }
    }

    private void ReadRun(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Id)
                _runId = JsonTokens.String(ref json);
            else if (key == DocumentKeys.Step)
                _step = JsonTokens.Integer(ref json, min: 0);
            else if (key == DocumentKeys.Started)
                _started = JsonTokens.Time(ref json);
            else if (key == DocumentKeys.Parameters)
                ReadParameters(ref json);
            else
                json.Skip();
        }
    }

    private readonly void ReadParameters(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var name))
            _parameters[name] = JsonTokens.Value(ref json, flow.Services.Values);
    }

    private readonly void ReadTasks(ref Utf8JsonReader json)
    {
        var reader = new TaskEntryReader(flow, results, progress);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            _entries.Add(reader.Read(ref json, _entries.Count));
    }
}
