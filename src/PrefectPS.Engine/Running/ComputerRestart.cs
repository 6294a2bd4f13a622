using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>
/// A restart of the step's computer, requested by tasks through a signal. Once requested, no further task starts; the caller of the step restarts once
/// the step is closed in the record. The request itself is not recorded: the task that made it is Success and never asks again.
/// </summary>
/// <param name="outlivesRestart">Whether the flow's store survives a restart.</param>
public sealed class ComputerRestart(bool outlivesRestart)
{
    private readonly List<TaskAttempt> _askedBy = [];

    /// <summary>The attempts that requested the restart, in order; empty if none did.</summary>
    public IReadOnlyList<TaskAttempt> AskedBy => _askedBy;

    /// <summary>The computer to restart: this one.</summary>
    public string Computer { get; } = Environment.MachineName;

    /// <summary>Rejects a request that cannot be honoured; null if it can.</summary>
    /// <param name="task">The task.</param>
    /// <param name="computer">The computer the task's code ran on.</param>
    /// <param name="isRecorded">Whether the run is recorded.</param>
    internal FlowException? Refuse(TaskRun task, string computer, bool isRecorded) =>
        !isRecorded || !outlivesRestart ? FlowErrors.RestartWithoutRecord(task.Task, task.Path)
        : !string.Equals(computer, Computer, StringComparison.OrdinalIgnoreCase) ? FlowErrors.RestartElsewhere(task.Task, task.Path, computer, Computer)
        : null;

    /// <summary>Adds the request of a succeeded task.</summary>
    internal void Add(TaskRun task) => _askedBy.Add(new(task.Path, task.Attempt));

    /// <summary>An attempt of a task.</summary>
    /// <param name="Task">Path of the task or child.</param>
    /// <param name="Attempt">The number of the attempt.</param>
    public sealed record TaskAttempt(string Task, int Attempt);
}
