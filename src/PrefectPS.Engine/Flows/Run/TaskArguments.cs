using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Argument values of a task's body: upstream results, read on access; constants; flow parameters; an event's payload.</summary>
public readonly struct TaskArguments
{
    private readonly FlowTask _task;
    private readonly int[] _inputs;
    private readonly RunStateView _states;
    private readonly RunIdentity _run;
    private readonly int? _mapIndex;
    private readonly IReadOnlyList<KeyValuePair<string, object?>> _payload;

    /// <param name="task">The task.</param>
    /// <param name="mapIndex">Index of the child of a mapped task, from 0; null for a task itself.</param>
    /// <param name="states">The states of the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="payload">Payload of the event the task waited for; null if none.</param>
    internal TaskArguments(FlowTask task, int? mapIndex, RunStateView states, RunIdentity run, IReadOnlyList<KeyValuePair<string, object?>>? payload = null)
    {
        _payload = payload ?? [];
        _task = task;
        _inputs = states.Plan.Inputs[task.Index];
        _states = states;
        _run = run;
        _mapIndex = mapIndex;
    }

    /// <summary>Number of arguments.</summary>
    public int Count => FirstOfEvent + _payload.Count;

    /// <summary>Index of the first argument from an event's payload; these come last.</summary>
    public int FirstOfEvent => FirstParameter + _task.Parameters.Count;

    /// <summary>Names of the arguments from an event's payload.</summary>
    public IEnumerable<string> EventNames => _payload.Select(entry => entry.Key);

    // Order: inputs of one task, gathered inputs, constants, list elements, flow parameters, event payload.
    private int FirstElement => _task.InputCount + _task.Arguments.Count;

    private int FirstParameter => FirstElement + _task.MapSources.Count;

    /// <summary>Gets an argument's name and value; the value is null if the upstream task returned nothing.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>: inputs first, then constants and list elements, flow parameters, and the event's payload.</param>
    /// <exception cref="FlowException">An upstream result cannot be read from its store.</exception>
    public KeyValuePair<string, object?> this[int index] =>
        index < _task.SingleCount ? new(_task.InputFrom[index].Key, InputAt(index))
        : index < _task.InputCount ? Gather(_task.Gathered[index - _task.SingleCount])
        : index < FirstElement ? ArgumentAt(index - _task.InputCount)
        : index < FirstParameter ? new(NameAt(index), ElementAt(index - FirstElement))
        : index < FirstOfEvent ? ParameterAt(index - FirstParameter)
        : _payload[index - FirstOfEvent];

    /// <summary>Index of an input, constant or element by name, case-insensitive; -1 if none.</summary>
    internal int IndexOf(string name)
    {
        for (var i = 0; i < FirstParameter; i++)
        {
            if (string.Equals(NameAt(i), name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    /// <summary>Name of an argument, without reading its value.</summary>
    public string NameAt(int index) =>
        index < _task.SingleCount ? _task.InputFrom[index].Key
        : index < _task.InputCount ? _task.Gathered[index - _task.SingleCount].Name
        : index < FirstElement ? _task.Arguments[index - _task.InputCount].Key
        : index < FirstParameter ? _task.MapSources[index - FirstElement].Name
        : index < FirstOfEvent ? _task.Parameters[index - FirstParameter]
        : _payload[index - FirstOfEvent].Key;

    /// <summary>True if the argument differs between the children of a mapped task.</summary>
    internal bool IsElement(int index) => index < _task.MapCount || (index >= FirstElement && index < FirstParameter);

    /// <summary>True if the argument is or contains a secret.</summary>
    public bool HoldsSecret(int index) => IsSecret(index) || Secrets.Contains(this[index].Value, _task.Flow.Services.Values);

    /// <summary>State an input is read from: the upstream task's or, for a child of a mapped task, its counterpart's.</summary>
    internal State SourceOf(int input)
    {
        var upstream = _states.States[_inputs[input]];
        return _mapIndex is { } child && input < _task.MapCount && !_task.Flatten && _states.CountedOf(_inputs[input]) is { } children && child < children.Length
            ? children[child]
            : upstream;
    }

    private bool IsSecret(int index)
    {
        if (index < _task.SingleCount)
            return SourceOf(index).IsResultSecret;
        if (index >= FirstOfEvent)
            return _run.Hides(_task);
        if (index >= _task.InputCount && index < FirstElement && _task.Arguments[index - _task.InputCount].Value is NamedSecret)
            return true;
        if (index >= _task.InputCount)
            return _run.IsSecret(index >= FirstElement && index < FirstParameter ? _task.MapSources[index - FirstElement].Parameter ?? string.Empty : NameAt(index));
        var (start, count) = (_task.Gathered[index - _task.SingleCount].Start, _task.Gathered[index - _task.SingleCount].Count);
        for (var i = start; i < start + count; i++)
        {
            if (SourceOf(i).IsResultSecret)
                return true;
        }

        return false;
    }

    private KeyValuePair<string, object?> Gather(GatheredInput input)
    {
        var results = new object?[input.Count];
        for (var i = 0; i < results.Length; i++)
            results[i] = InputAt(input.Start + i);
        return new(input.Name, results);
    }

    private KeyValuePair<string, object?> ArgumentAt(int index) =>
        _task.Arguments[index] is { Value: NamedSecret secret, Key: var name } ? new(name, secret.In(_run)) : _task.Arguments[index];

    private object? ElementAt(int source) =>
        _mapIndex is { } child ? _states.ElementOf(_task, source, child, _run) : _task.MapSources[source].In(_run);

    private KeyValuePair<string, object?> ParameterAt(int index) => new(_task.Parameters[index], _run.Parameters[_task.Parameters[index]]);

    private object? InputAt(int index) =>
        _mapIndex is not { } child ? _states.States[_inputs[index]].ReadResult()
        : index < _task.MapCount ? _states.ElementAt(_inputs[index], child, _task.Flatten)
        : _states.ResultForChildren(_inputs[index]);
}
