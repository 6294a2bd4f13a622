using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>
/// The restart of the step's computer, for which tasks of the step ask by a signal. Once one has, no further task starts; the restart itself is for whoever takes the
/// step, once that is closed on record. It is no part of the record: what asked for it is Success there, and never asks again.
/// </summary>
/// <param name="outlivesRestart">Whether what stands in the flow's store is there after a restart.</param>
public sealed class ComputerRestart(bool outlivesRestart)
{
    private readonly List<TaskAttempt> _askedBy = [];

    /// <summary>The attempts of tasks that ask for it, in order; none where nothing is to restart.</summary>
    public IReadOnlyList<TaskAttempt> AskedBy => _askedBy;

    /// <summary>This computer, which is the one that restarts.</summary>
    public string Computer { get; } = Environment.MachineName;

    /// <summary>Why a task cannot have a restart; null where it can.</summary>
    /// <param name="task">The task.</param>
    /// <param name="computer">The computer that its code ran on.</param>
    /// <param name="isRecorded">Whether the run is on record.</param>
    internal FlowException? Refuse(TaskRun task, string computer, bool isRecorded) =>
        !isRecorded || !outlivesRestart ? FlowErrors.RestartWithoutRecord(task.Task, task.Path)
        : !string.Equals(computer, Computer, StringComparison.OrdinalIgnoreCase) ? FlowErrors.RestartElsewhere(task.Task, task.Path, computer, Computer)
        : null;

    /// <summary>A task that has succeeded asks for it.</summary>
    internal void Add(TaskRun task) => _askedBy.Add(new(task.Path, task.Attempt));

    /// <summary>An attempt of a task.</summary>
    /// <param name="Task">The slug of the task or child, with its path.</param>
    /// <param name="Attempt">The number of the attempt.</param>
    public sealed record TaskAttempt(string Task, int Attempt);
}
