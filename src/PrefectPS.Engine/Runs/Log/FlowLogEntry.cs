using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A line of the log of a run on record. Immutable.</summary>
public sealed class FlowLogEntry
{
    internal FlowLogEntry(string flow, string runId, int step)
    {
        Flow = flow;
        RunId = runId;
        Step = step;
    }

    /// <summary>The flow's name.</summary>
    public string Flow { get; }

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>The number of the step it was written in.</summary>
    public int Step { get; }

    /// <summary>When it was written; UTC.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>The slug of the task: of a mapped task's child <c>task[3]</c>, of a task in a subflow <c>task/inner</c>; empty for the run itself.</summary>
    public string Task { get; internal init; } = string.Empty;

    /// <summary>The number of the task's attempt, from 1; 0 where that is not known.</summary>
    public int Attempt { get; internal init; }

    /// <summary>The name of what it is: a change of a state, or the stream it was written to.</summary>
    public string Stream => Source.ToString();

    /// <summary>What was written, secrets masked. It may have line breaks, and what commands a terminal: views leave that out.</summary>
    public string Text { get; internal init; } = string.Empty;

    /// <summary>What it is.</summary>
    internal FlowLogSource Source { get; init; }

    /// <summary>The task and what was written.</summary>
    public override string ToString() => Task.Length == 0 ? Text : $"{Task}: {Text}";
}
