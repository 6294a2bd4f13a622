using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads a state written by us or by Prefect's <c>State.serialize</c>; ignores unknown fields.</summary>
/// <param name="source">The store of results given by location; null for none.</param>
/// <param name="values">Creates objects of the language.</param>
/// <param name="task">The state's task; null where the flow lacks it.</param>
/// <param name="progress">The progress of reading the document.</param>
internal ref struct StateReader(ResultStore? source, IValueAdapter values, FlowTask? task, ReadingProgress progress)
{
    private static readonly NameTable TypeNames = new(StateTypes.All.Select(type => type.Name()));

    private StateType? _type;
    private string? _message;
    private TaskResult? _result;
    private string? _resultType;
    private TaskError? _error;
    private DateTimeOffset? _due;
    private DateTimeOffset? _started;
    private DateTimeOffset? _ended;
    private TaskResult? _loopResult;
    private AwaitedEvent? _event;
    private TaskWait? _wait;
    private IReadOnlyList<TaskCrash>? _crashes;
    private MapGoal? _goal;
    private TaskUndo? _undo;
    private bool _isResumed;
    private bool _hasEndedItself;
    private bool _wasStopped;
    private bool _forceRerun;
    private int _runCount;
    private int _loopCount;
    private int? _mapCount;
    private List<State>? _children;
    private FlowState? _subflow;
    private PrefectFields? _prefect;

    /// <summary>Reads a state, from its first token to its last.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public State Read(ref Utf8JsonReader json)
    {
        ReadFields(ref json);
        return ToState();
    }

    /// <summary>Reads the fields from which <see cref="ToState"/> builds the state.</summary>
    /// <inheritdoc cref="Read"/>
    public void ReadFields(scoped ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "a state");
        var start = json.TokenStartIndex;
        var seen = default(SeenKeys);
        var context = default(Utf8JsonReader); // read again once the type is known
        var wrapped = default(Utf8JsonReader);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.Context)
                context = json;
            else if (key == DocumentKeys.State)
                wrapped = json;
            ReadField(ref json, key);
        }

        if (_type is not { } type)
            throw new DocumentFaultException("the state has no type", start);
        if (context.TokenType == JsonTokenType.StartObject && PrefectContext.Read(ref context, type, task) is { } kept)
            _prefect = Kept with { Context = kept.Context, ContextHasRunCount = kept.HasRunCount };
        if (type.IsMeta() && wrapped.TokenType is not (JsonTokenType.None or JsonTokenType.Null))
            _prefect = Kept with { Wrapped = new StateReader(source, values, task, progress).Read(ref wrapped).Unwrapped };
    }

    /// <summary>Sets the times of the body, which stand beside the state.</summary>
    public void SetTime(DateTimeOffset started, DateTimeOffset ended) => (_started, _ended) = (started, ended);

    /// <summary>Builds the state.</summary>
    public State ToState()
    {
        var type = _type!.Value;
        var hasEndedItself = _hasEndedItself && type == StateType.Cancelled;
        if (_undo is { Phase: UndoPhase.Done } ? !hasEndedItself : !type.IsSuccessful())
            _undo = null; // a state set by hand is not undone
        var state = State.Read(
            type, _message, Progress(), _result, _error, type.IsScheduled() ? _due : null, _started, _ended, ChildrenOf(type), hasEndedItself, _wasStopped && hasEndedItself);
        KeepResultType(state);
        if (type == StateType.Mapped && state.Children is null && _mapCount > 0)
            _prefect = Kept with { MapCount = _mapCount };
        return _prefect is null ? state : state with { Prefect = _prefect };
    }

    // Most states share the initial progress.
    private readonly TaskProgress Progress() =>
        _runCount <= 1 && _loopCount <= 1 && _loopResult is null && !_isResumed && !_forceRerun && _event is null && _wait is null && _crashes is null && _subflow is null
            && _goal is null && _undo is null
            ? TaskProgress.Initial
            : new()
            {
                Attempt = Math.Max(_runCount, 1),
                LoopCount = Math.Max(_loopCount, 1),
                LoopResult = _loopResult,
                IsResumed = _isResumed,
                ForceRerun = _forceRerun,
                Event = _event,
                Wait = _wait,
                Crashes = _crashes ?? [],
                Goal = _goal,
                Undo = _undo,
                SubflowRun = _subflow,
            };

    // Children left in the context before the task was mapped again are stale.
    private readonly State[]? ChildrenOf(StateType type) =>
        type != StateType.Mapped ? null
        : _children is null ? (_mapCount == 0 ? [] : null)
        : _mapCount is null || _mapCount == _children.Count ? [.. _children] : null;

    private readonly PrefectFields Kept => _prefect ?? new();

    /// <summary>Reads a state's type.</summary>
    public static StateType ReadType(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.String, "a state type");
        var name = TypeNames.Find(ref json) ?? JsonTokens.Name(ref json);
        return StateTypes.TryParse(name, out var type)
            ? type
            : throw JsonTokens.Fault(ref json, $"'{JsonTokens.Shorten(name)}' is not a state type; the types are {string.Join(", ", StateTypes.All)}");
    }

    /// <summary>Reads a message; the most common one is interned.</summary>
    public static string? ReadMessage(ref Utf8JsonReader json) =>
        JsonTokens.Is(ref json, StateMessages.Succeeded)
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
                ReadResult(ref json);
                break;
            case DocumentKeys.StartTime when json.TokenType != JsonTokenType.Null:
                _due = JsonTokens.Time(ref json, out var hasOffset);
                if (!hasOffset)
                    _prefect = Kept with { HasLocalStartTime = true };
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
            case DocumentKeys.Repeat:
                _forceRerun |= JsonTokens.Flag(ref json);
                break;
            case DocumentKeys.MapCount:
                _mapCount = JsonTokens.Integer(ref json, min: 0);
                break;
            case DocumentKeys.Context when json.TokenType != JsonTokenType.Null:
                ReadContext(ref json);
                break;
            default:
                ReadPrefectField(ref json, key);
                break;
        }
    }

    private void ReadPrefectField(ref Utf8JsonReader json, string key)
    {
        if (json.TokenType == JsonTokenType.Null)
            return;
        switch (key)
        {
            case DocumentKeys.CachedInputs when ReadObject(ref json) is var inputs and not RawJson.EmptyObject:
                _prefect = Kept with { CachedInputs = inputs };
                break;
            case DocumentKeys.HashedInputs:
                _prefect = Kept with { HashedInputs = ReadObject(ref json) };
                break;
            case DocumentKeys.CachedParameters:
                _prefect = Kept with { CachedParameters = ReadObject(ref json) };
                break;
            case DocumentKeys.CachedExpiration:
                _prefect = Kept with { CachedExpiration = JsonTokens.Time(ref json) };
                break;
            default:
                json.Skip();
                break;
        }
    }

    private static string ReadObject(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        return RawJson.Read(ref json);
    }

    private void ReadResult(ref Utf8JsonReader json)
    {
        (var result, _resultType, var fields) = ResultReader.Read(ref json, source, values);
        _result = result ?? _result;
        if (fields is not null)
            _prefect = Kept with { ResultFields = fields };
    }

    private void ReadContext(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
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

    private void KeepResultType(State state)
    {
        if (_resultType is { } type && type != PrefectWriter.ResultTypeOf(state))
            _prefect = Kept with { ResultType = type };
    }

    // Reads what PrefectWriter stores in the context for lack of a Prefect field.
    private void ReadOwn(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            switch (key)
            {
                case DocumentKeys.Value:
                    _result ??= TaskResult.Of(ReadValue(ref json)) ?? TaskResult.Empty;
                    break;
                case DocumentKeys.Secret:
                    _result = JsonTokens.Flag(ref json) ? TaskResult.Lost : _result;
                    break;
                case DocumentKeys.Repeat:
                    _forceRerun |= JsonTokens.Flag(ref json);
                    break;
                case DocumentKeys.Children:
                    ReadChildren(ref json);
                    break;
                case DocumentKeys.Run:
                    progress.ReadArrayHead(ref json, values);
                    break;
                case DocumentKeys.Subflow when task?.Subflow is { } subflow:
                    _subflow = FlowStateReader.ReadSubflow(subflow, source, progress, ref json);
                    break;
                case DocumentKeys.LoopResult:
                    _loopResult = TaskResult.Of(ReadValue(ref json));
                    break;
                case DocumentKeys.EndedItself:
                    _hasEndedItself = JsonTokens.Flag(ref json);
                    break;
                case DocumentKeys.Stopped:
                    _wasStopped = JsonTokens.Flag(ref json);
                    break;
                case DocumentKeys.NoResult:
                    if (JsonTokens.Flag(ref json))
                        _result ??= TaskResult.Unspecified;
                    break;
                case DocumentKeys.Event:
                    _event = EventText.ReadAwaited(ref json);
                    break;
                case DocumentKeys.Wait:
                    _wait = WaitText.Read(ref json);
                    break;
                case DocumentKeys.Crashes:
                    _crashes = CrashText.Read(ref json);
                    break;
                case DocumentKeys.Goal:
                    _goal = GoalText.Read(ref json);
                    break;
                case DocumentKeys.Undo:
                    _undo = UndoText.Read(ref json);
                    break;
                case DocumentKeys.Resumed:
                    _isResumed = JsonTokens.Flag(ref json);
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
        {
            if (progress.CountTasks())
                throw JsonTokens.Fault(ref json, $"there are more than {Limits.MaxTasks} tasks");
            _children.Add(new StateReader(source, values, task, progress).Read(ref json));
        }
    }

    private readonly object? ReadValue(ref Utf8JsonReader json) => JsonTokens.Value(ref json, values);
}
