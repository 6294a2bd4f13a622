using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads a run from a state document: ours, or the bare array of task and state that the original trick sends.</summary>
internal ref struct FlowStateReader(Flow flow, IReadOnlyDictionary<string, object?> given)
{
    private readonly List<TaskEntry> _entries = [];
    private readonly FlowPlan _plan = flow.Plan;
    private readonly Dictionary<string, object?> _parameters = RunParameters.NewTable();
    private string? _flowName;
    private string? _runId;
    private int _step;
    private DateTimeOffset? _started;
    private bool _isBareArray;
    private int _count; // of tasks and children

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
            return new FlowStateReader(flow, parameters ?? RunParameters.None).ReadDocument(document);
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

    private DecodedState ReadDocument(ReadOnlySpan<byte> document)
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
        var services = flow.Services;
        var now = services.Clock.GetUtcNow();
        var id = _runId ?? services.NewRunId(now);
        var run = new RunInfo(id, _step, _started ?? now, RunParameters.Complete(flow, id, _parameters, given));
        return new StateMatcher(flow, run, matchByName: _isBareArray).Match(_entries, _flowName, _parameters.Keys);
    }

    private void ReadEnvelope(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a state document (an object or an array)");
        var start = json.TokenStartIndex;
        var hasTasks = false;
        while (JsonTokens.NextProperty(ref json, out var key))
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
        while (JsonTokens.NextProperty(ref json, out var key))
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
        while (JsonTokens.NextProperty(ref json, out var key))
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
        while (JsonTokens.NextProperty(ref json, out var name))
            _parameters[name] = JsonTokens.Value(ref json, flow.Services.Values);
    }

    private void ReadTasks(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            _entries.Add(ReadEntry(ref json));
    }

    private List<TaskEntry> ReadChildren(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of children");
        var children = new List<TaskEntry>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            children.Add(ReadEntry(ref json));
        return children;
    }

    // {"task": {"slug"}, "state": {"type", "message", …}, "time"} or, short, {"slug", "type", "message"}.
    private TaskEntry ReadEntry(ref Utf8JsonReader json)
    {
        if (++_count > DocumentLimits.MaxTasks)
            throw JsonTokens.Fault(ref json, $"there are more than {DocumentLimits.MaxTasks} tasks");
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object with a task and its state");
        var entry = new TaskEntry { Offset = json.TokenStartIndex };
        State? flat = null;
        while (JsonTokens.NextProperty(ref json, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Task:
                    ReadTask(ref json, ref entry);
                    break;
                case DocumentKeys.State:
                    entry.State = new StateReader(flow.Results, flow.Services.Values).Read(ref json);
                    break;
                case DocumentKeys.Time:
                    ReadTime(ref json, ref entry);
                    break;
                case DocumentKeys.Children:
                    entry.Children = ReadChildren(ref json);
                    break;
                case DocumentKeys.Slug:
                    entry.Slug = JsonTokens.StringOrNull(ref json);
                    break;
                case DocumentKeys.Type:
                    flat = new(StateReader.ReadType(ref json), flat?.Message);
                    break;
                case DocumentKeys.Message:
                    flat = new(flat?.Type ?? StateType.Pending, StateReader.ReadMessage(ref json));
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        entry.State ??= flat;
        return entry.State is null ? throw new DocumentFaultException("the task has no state", entry.Offset) : entry;
    }

    private readonly void ReadTask(ref Utf8JsonReader json, ref TaskEntry entry)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a task");
        while (JsonTokens.NextProperty(ref json, out var key))
        {
            if (key == DocumentKeys.Slug)
                entry.Slug = ReadSlug(ref json);
            else if (key == DocumentKeys.Name)
                entry.Name = JsonTokens.StringOrNull(ref json);
            else
                json.Skip();
        }
    }

    // Mostly the tasks stand in the flow's own order: then the slug need not be made anew.
    private readonly string? ReadSlug(ref Utf8JsonReader json)
    {
        if (_entries.Count < _plan.Tasks.Length && json.TokenType == JsonTokenType.String)
        {
            var expected = _plan.Tasks[_entries.Count].Slug;
            if (json.ValueTextEquals(expected))
                return expected;
        }

        return JsonTokens.StringOrNull(ref json);
    }

    private static void ReadTime(ref Utf8JsonReader json, ref TaskEntry entry)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "a start and a duration in milliseconds");
        json.Read();
        entry.SinceStart = JsonTokens.Milliseconds(ref json);
        json.Read();
        entry.Duration = JsonTokens.Milliseconds(ref json);
        json.Read();
        JsonTokens.Expect(ref json, JsonTokenType.EndArray, "the end of the two numbers");
    }
}
