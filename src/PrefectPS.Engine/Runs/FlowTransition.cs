using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A state change of a task, or a control request to the run. Immutable.</summary>
public sealed class FlowTransition
{
    internal FlowTransition(string flow, string runId, int? step)
    {
        Flow = flow;
        RunId = runId;
        Step = step;
    }

    /// <summary>The flow's name.</summary>
    public string Flow { get; }

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>Number of the step; null if unknown.</summary>
    public int? Step { get; }

    /// <summary>Time of the change; UTC.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>Path of the task: <c>task[3]</c> for a child, <c>task/inner</c> for a task in a subflow; empty for the run itself.</summary>
    public string Task { get; internal init; } = string.Empty;

    /// <summary>Name of the old state; null if unknown.</summary>
    public string? From => FromType?.Name();

    /// <summary>Name of the new state.</summary>
    public string To => ToType.Name();

    /// <summary>Message of the new state; null if none.</summary>
    public string? Message { get; internal init; }

    /// <summary>The type of <see cref="From"/>.</summary>
    internal StateType? FromType { get; init; }

    /// <summary>The type of <see cref="To"/>.</summary>
    internal StateType ToType { get; init; }

    /// <summary>Attempt number, from 1.</summary>
    internal int Attempt { get; init; } = 1;

    /// <summary>Who requested the change from outside, for example by Stop-FlowRun; null for changes by a step.</summary>
    public string? RequestedBy { get; internal init; }

    /// <summary>Reason of the request; null for changes by a step, or if none was given.</summary>
    public string? Reason { get; internal init; }

    /// <summary>The task and its new state.</summary>
    public override string ToString() => Task.Length == 0 ? $"{Message}" : $"{Task}: {To}";
}
