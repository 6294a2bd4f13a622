using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The values of a body's parameters: results of upstream tasks, which are read when asked for, constants, and the flow's parameters.</summary>
public readonly struct TaskArguments
{
    private readonly FlowTask _task;
    private readonly int[] _inputs;
    private readonly RunStateView _states;
    private readonly RunIdentity _run;
    private readonly int? _mapIndex;

    /// <param name="task">The task.</param>
    /// <param name="mapIndex">Which child of a mapped task it is, from 0; null for a task itself.</param>
    /// <param name="states">The states of its run.</param>
    /// <param name="run">The run.</param>
    internal TaskArguments(FlowTask task, int? mapIndex, RunStateView states, RunIdentity run)
    {
        _task = task;
        _inputs = states.Plan.Inputs[task.Index];
        _states = states;
        _run = run;
        _mapIndex = mapIndex;
    }

    /// <summary>How many there are.</summary>
    public int Count => _task.InputFrom.Count + _task.Arguments.Count + _task.Parameters.Count;

    /// <summary>One of them: the parameter's name and its value, null where an upstream task returned nothing.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>; inputs come first, then constants, then parameters of the flow.</param>
    /// <exception cref="FlowException">An upstream result cannot be read from its store.</exception>
    public KeyValuePair<string, object?> this[int index] =>
        index < _inputs.Length ? new(_task.InputFrom[index].Key, InputAt(index))
        : index - _inputs.Length < _task.Arguments.Count ? _task.Arguments[index - _inputs.Length]
        : ParameterAt(index - _inputs.Length - _task.Arguments.Count);

    /// <summary>The index of an input or a constant, by name, whatever its case; -1 where there is none.</summary>
    internal int IndexOf(string name)
    {
        for (var i = 0; i < _task.InputFrom.Count + _task.Arguments.Count; i++)
        {
            if (string.Equals(i < _task.InputFrom.Count ? _task.InputFrom[i].Key : _task.Arguments[i - _task.InputFrom.Count].Key, name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    /// <summary>The name of one of them; its value is not read.</summary>
    internal string NameAt(int index) =>
        index < _inputs.Length ? _task.InputFrom[index].Key
        : index - _inputs.Length < _task.Arguments.Count ? _task.Arguments[index - _inputs.Length].Key
        : _task.Parameters[index - _inputs.Length - _task.Arguments.Count];

    /// <summary>Whether one of them is a secret or holds one.</summary>
    internal bool HoldsSecret(int index) =>
        (index < _inputs.Length ? SourceOf(index).IsResultSecret : _run.IsSecret(NameAt(index))) || Secrets.In(this[index].Value, _task.Flow.Services.Values);

    /// <summary>What an input is taken from: the state of the upstream task or, for a child of a mapped one, that of its counterpart.</summary>
    internal State SourceOf(int input)
    {
        var upstream = _states.States[_inputs[input]];
        return _mapIndex is { } child && input < _task.MapCount && !_task.Flatten && upstream.Children is { } children ? children[child] : upstream;
    }

    private KeyValuePair<string, object?> ParameterAt(int index) => new(_task.Parameters[index], _run.Parameters[_task.Parameters[index]]);

    private object? InputAt(int index) =>
        _mapIndex is not { } child ? _states.States[_inputs[index]].ReadResult()
        : index < _task.MapCount ? _states.ElementAt(_inputs[index], child, _task.Flatten)
        : _states.ResultForChildren(_inputs[index]);
}
