using System.Text;
using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using JsonSerializer = PrefectPS.Results.JsonSerializer;

namespace PrefectPS.Documents;

/// <summary>Reads one state, ours or what Prefect's <c>State.serialize</c> wrote. Unknown fields are passed over.</summary>
/// <param name="source">Where results are that the document only says the location of; null where the flow has no store.</param>
/// <param name="values">Puts together the objects that a document carries.</param>
/// <param name="task">The task it is a state of; null where the flow has no such task.</param>
/// <param name="progress">What is known so far of the document.</param>
internal ref struct StateReader(ResultStore? source, IValueAdapter values, FlowTask? task, ReadingProgress progress)
{
    private static readonly NameTable TypeNames = new(StateTypes.All.Select(type => type.Name()));

    private StateType? _type;
    private string? _message;
    private TaskResult? _result;
    private TaskError? _error;
    private DateTimeOffset? _due;
    private DateTimeOffset? _started;
    private DateTimeOffset? _ended;
    private TaskResult? _loopResult;
    private int _runCount;
    private int _loopCount;
    private List<State>? _children;
    private FlowState? _subrun;

    /// <summary>Reads the state at the reader's current token, to its last token.</summary>
    /// <exception cref="DocumentFaultException">It is no state.</exception>
    public State Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a state");
        var start = json.TokenStartIndex;
        while (JsonTokens.NextProperty(ref json, out var key))
            ReadField(ref json, key);

        if (_type is not { } type)
            throw new DocumentFaultException("the state has no type", start);
        return new(type, _message)
        {
            Result = _result,
            Error = _error,
            RunCount = Math.Max(_runCount, 1),
            LoopCount = Math.Max(_loopCount, 1),
            LoopResult = _loopResult,
            DueTime = type.IsScheduled() ? _due : null,
            Children = type == StateType.Mapped && _children is not null ? [.. _children] : null,
            Started = _started,
            Ended = _ended,
            Subrun = _subrun,
        };
    }

    /// <summary>Reads a state's type.</summary>
    public static StateType ReadType(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.String, "a state type");
        var name = TypeNames.Find(ref json) ?? JsonTokens.Text(ref json);
        return StateTypes.TryParse(name, out var type)
            ? type
            : throw JsonTokens.Fault(ref json, $"'{name}' is not a state type; the types are {string.Join(", ", StateTypes.All)}");
    }

    /// <summary>Reads a message. The one that nearly all have is not made anew for each.</summary>
    public static string? ReadMessage(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueTextEquals(StateMessages.Succeeded)
            ? StateMessages.Succeeded
            : JsonTokens.StringOrNull(ref json);

    private void ReadField(ref Utf8JsonReader json, string key)
    {
        switch (key)
        {
            case DocumentKeys.Type:
                _type = ReadType(ref json);
                break;
            case DocumentKeys.Message:
                _message = ReadMessage(ref json);
                break;
            case DocumentKeys.Result:
                _result = ReadResult(ref json) ?? _result;
                break;
            case DocumentKeys.StartTime:
                _due = JsonTokens.TimeOrNull(ref json);
                break;
            case DocumentKeys.RunCount or DocumentKeys.TaskRunCount:
                _runCount = JsonTokens.Integer(ref json, min: 0);
                break;
            case DocumentKeys.LoopCount:
                _loopCount = JsonTokens.Integer(ref json, min: 0);
                break;
            case DocumentKeys.Error:
                _error = ErrorReader.Read(ref json);
                break;
            case DocumentKeys.Context when json.TokenType != JsonTokenType.Null:
                ReadContext(ref json);
                break;
            default:
                json.Skip();
                break;
        }
    }

    private TaskResult? ReadResult(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a result");
        string? location = null;
        string? type = null;
        TaskResult? value = null;
        var start = json.TokenStartIndex;
        while (JsonTokens.NextProperty(ref json, out var key))
        {
            if (key == DocumentKeys.Location)
                location = JsonTokens.StringOrNull(ref json);
            else if (key == DocumentKeys.Type)
                type = JsonTokens.StringOrNull(ref json);
            else if (key == DocumentKeys.Value)
                value = TaskResult.Of(ReadValue(ref json));
            else if (key == DocumentKeys.Secret && json.TokenType == JsonTokenType.True)
                value = TaskResult.Lost;
            else
                json.Skip();
        }

        return location is null ? value
            : type == StateWriter.ValueInLocation ? TaskResult.Of(ParseValue(location, start))
            : TaskResult.At(location, source);
    }

    private readonly object? ParseValue(string text, long start)
    {
        try
        {
            return new JsonSerializer(values).Read(Encoding.UTF8.GetBytes(text));
        }
        catch (FormatException e)
        {
            throw new DocumentFaultException($"the location of a {StateWriter.ValueInLocation} is its value as JSON: {e.Message}", start, e);
        }
    }

    private void ReadContext(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        while (JsonTokens.NextProperty(ref json, out var key))
        {
            if (key == DocumentKeys.TaskRunCount)
                _runCount = Math.Max(_runCount, JsonTokens.Integer(ref json, min: 0));
            else if (key == DocumentKeys.ContextLoopCount)
                _loopCount = Math.Max(_loopCount, JsonTokens.Integer(ref json, min: 0));
            else if (key == DocumentKeys.Own)
                ReadOwn(ref json);
            else
                json.Skip();
        }
    }

    // What PrefectWriter puts into the context because Prefect has no field for it.
    private void ReadOwn(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        while (JsonTokens.NextProperty(ref json, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Value:
                    _result ??= TaskResult.Of(ReadValue(ref json));
                    break;
                case DocumentKeys.Secret when json.TokenType == JsonTokenType.True:
                    _result = TaskResult.Lost;
                    break;
                case DocumentKeys.Children:
                    ReadChildren(ref json);
                    break;
                case DocumentKeys.Subflow when task?.Subflow is { } subflow:
                    _subrun = FlowStateReader.ReadSubrun(subflow, source, progress, ref json);
                    break;
                case DocumentKeys.LoopResult:
                    _loopResult = TaskResult.Of(ReadValue(ref json));
                    break;
                case DocumentKeys.Error:
                    _error = ErrorReader.Read(ref json);
                    break;
                case DocumentKeys.Started:
                    _started = JsonTokens.TimeOrNull(ref json);
                    break;
                case DocumentKeys.Ended:
                    _ended = JsonTokens.TimeOrNull(ref json);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }
    }

    private void ReadChildren(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartArray, "an array of states");
        _children = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            _children.Add(new StateReader(source, values, task, progress).Read(ref json));
    }

    private readonly object? ReadValue(ref Utf8JsonReader json) => JsonTokens.Value(ref json, values);
}
