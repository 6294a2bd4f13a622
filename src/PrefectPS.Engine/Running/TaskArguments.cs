using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>The values of a body's parameters: constants, and results of upstream tasks, which are read when asked for.</summary>
public readonly struct TaskArguments
{
    private readonly FlowTask _task;
    private readonly int[] _inputs;
    private readonly State[] _states;

    internal TaskArguments(FlowTask task, int[] inputs, State[] states)
    {
        _task = task;
        _inputs = inputs;
        _states = states;
    }

    /// <summary>How many there are.</summary>
    public int Count => _task.InputFrom.Count + _task.Arguments.Count;

    /// <summary>One of them: the parameter's name and its value, null where an upstream task returned nothing.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>; inputs come before constants.</param>
    /// <exception cref="FlowException">An upstream result cannot be read from its store.</exception>
    public KeyValuePair<string, object?> this[int index] =>
        index < _inputs.Length
            ? new(_task.InputFrom[index].Key, _states[_inputs[index]].Result?.Value)
            : _task.Arguments[index - _inputs.Length];
}
