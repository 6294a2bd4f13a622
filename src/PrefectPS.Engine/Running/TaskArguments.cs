using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>The values of a body's parameters: constants, and results of upstream tasks, which are read when asked for.</summary>
public readonly struct TaskArguments
{
    private readonly FlowTask _task;
    private readonly int[] _inputs;
    private readonly State[] _states;
    private readonly int? _mapIndex;

    internal TaskArguments(FlowTask task, int[] inputs, State[] states, int? mapIndex)
    {
        _task = task;
        _inputs = inputs;
        _states = states;
        _mapIndex = mapIndex;
    }

    /// <summary>How many there are.</summary>
    public int Count => _task.InputFrom.Count + _task.Arguments.Count;

    /// <summary>One of them: the parameter's name and its value, null where an upstream task returned nothing.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>; inputs come before constants.</param>
    /// <exception cref="FlowException">An upstream result cannot be read from its store.</exception>
    public KeyValuePair<string, object?> this[int index] =>
        index < _inputs.Length ? new(_task.InputFrom[index].Key, InputAt(index)) : _task.Arguments[index - _inputs.Length];

    private object? InputAt(int index)
    {
        var upstream = _states[_inputs[index]];
        return _mapIndex is { } child && index < _task.MapCount
            ? MapChildren.ElementAt(upstream, child, _task.Flatten)
            : upstream.ReadResult();
    }
}
