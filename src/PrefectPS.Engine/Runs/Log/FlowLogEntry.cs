using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A line of a recorded run's log. Immutable.</summary>
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

    /// <summary>Number of the step.</summary>
    public int Step { get; }

    /// <summary>Time; UTC.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>Path of the task: <c>task[3]</c> for a child, <c>task/inner</c> for a task in a subflow; empty for the run itself.</summary>
    public string Task { get; internal init; } = string.Empty;

    /// <summary>Attempt number, from 1; 0 if unknown.</summary>
    public int Attempt { get; internal init; }

    /// <summary>Source of the line: a state change, or the name of a stream.</summary>
    public string Stream => Source.ToString();

    /// <summary>The text, secrets masked. May contain line breaks and terminal control sequences; views strip these.</summary>
    public string Text { get; internal init; } = string.Empty;

    /// <summary>Source of the line.</summary>
    internal FlowLogSource Source { get; init; }

    /// <summary>The task and the text.</summary>
    public override string ToString() => Task.Length == 0 ? Text : $"{Task}: {Text}";
}
