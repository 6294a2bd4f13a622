using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>A change of a task's state in a run, or a request of the run from outside. Immutable.</summary>
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

    /// <summary>The number of the step it happened in; null if that is not known.</summary>
    public int? Step { get; }

    /// <summary>When it happened; UTC.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>The slug of the task: of a mapped task's child <c>task[3]</c>, of a task in a subflow <c>task/inner</c>; empty for the run itself.</summary>
    public string Task { get; internal init; } = string.Empty;

    /// <summary>The name of what its state was; null if that is not known.</summary>
    public string? From => FromType?.Name();

    /// <summary>The name of what its state became.</summary>
    public string To => ToType.Name();

    /// <summary>What is to be said about the new state; null if none.</summary>
    public string? Message { get; internal init; }

    /// <summary>The type of <see cref="From"/>.</summary>
    internal StateType? FromType { get; init; }

    /// <summary>The type of <see cref="To"/>.</summary>
    internal StateType ToType { get; init; }

    /// <summary>The number of the task's attempt, from 1.</summary>
    internal int Attempt { get; init; } = 1;

    /// <summary>Who asked for it from outside, such as by Stop-FlowRun; null for what a step has done itself.</summary>
    public string? RequestedBy { get; internal init; }

    /// <summary>Why it was asked for; null for what a step has done itself, or where nothing was said.</summary>
    public string? Reason { get; internal init; }

    /// <summary>The task and what its state became.</summary>
    public override string ToString() => Task.Length == 0 ? $"{Message}" : $"{Task}: {To}";
}
