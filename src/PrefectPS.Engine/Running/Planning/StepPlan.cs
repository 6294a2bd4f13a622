using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What is found out of a step that is only planned: what it would do with each task, and what it would write.</summary>
internal sealed class StepPlan
{
    private readonly Dictionary<string, (FlowPlanAction Action, string Reason)> _notes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal); // paths of what has something in it that is not known
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal); // and of what waits
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly PlanClock _clock;

    /// <param name="services">What the flow takes from its surroundings, such as the time.</param>
    /// <param name="budget">What the step may take.</param>
    public StepPlan(FlowServices services, StepBudget budget)
    {
        IsCounted = budget.MaxTasks is not null;
        Places = budget.Throttle?.Limit ?? 1;
        _clock = new(services.Clock.GetUtcNow());
        Services = new() { Clock = _clock, Chance = services.Chance };
    }

    /// <summary>The time and the chance of the step.</summary>
    public FlowServices Services { get; }

    /// <summary>How many bodies may run at a time.</summary>
    public int Places { get; }

    /// <summary>Whether the number of bodies that may start is limited.</summary>
    public bool IsCounted { get; }

    /// <summary>Whether it is not known of some task whether its body would run.</summary>
    public bool HasUnknown => _unknown.Count > 0;

    /// <summary>What would be done with a task or child; null where nothing was found out.</summary>
    public (FlowPlanAction Action, string Reason)? Find(string path) => _notes.TryGetValue(path, out var note) ? note : null;

    /// <summary>Whether the body of a task, or of something in it, would run.</summary>
    public bool Runs(string path) => Find(path)?.Action == FlowPlanAction.Run;

    /// <summary>Whether something of a task is not known.</summary>
    public bool IsUnknown(string path) => _unknown.Contains(path);

    /// <summary>Whether something of a task waits.</summary>
    public bool IsWaiting(string path) => _waiting.Contains(path);

    /// <summary>Notes what would be done with a task or child. That its body runs is not taken back: what it comes to later, such as a retry, follows from that.</summary>
    public void Note(TaskRun task, FlowPlanAction action, string reason) => Note(task, task.Path, action, reason);

    /// <summary>Notes of a mapped task that it may be mapped to other children than it has: what becomes of those is not known.</summary>
    /// <param name="child">One of its children.</param>
    /// <param name="path">The path of the mapped task.</param>
    /// <param name="reason">Why.</param>
    public void NoteMap(TaskRun child, string path, string reason) => Note(child, path, FlowPlanAction.Unknown, reason);

    /// <summary>Something would be written that a task behind may find.</summary>
    public void Write(string path) => _written.Add(path);

    /// <summary>Whether something would have been written by then.</summary>
    public bool IsWritten(string path) => _written.Contains(path);

    /// <summary>
    /// What a body is taken to come to: it succeeds, in the time that is expected of it, with a result that nobody knows. Whether what a poll returns is taken is not known.
    /// </summary>
    public BodyOutcome RunBody(TaskRun task)
    {
        _clock.Advance(task.Task.ExpectedDuration ?? TimeSpan.Zero);
        if (task.Task.Poll is not null)
        {
            Mark(_unknown, task.Path);
            return BodyOutcome.Left(task.Given);
        }

        return BodyOutcome.Ended(task.State.Succeed(TaskResult.Planned, _clock.GetUtcNow()));
    }

    private void Note(TaskRun task, string path, FlowPlanAction action, string reason)
    {
        if (action == FlowPlanAction.Unknown)
            Mark(_unknown, path);
        else if (action == FlowPlanAction.Wait)
            Mark(_waiting, path);
        if (!Runs(path))
            _notes[path] = (action, task.Secrets?.HideIn(task, reason) ?? reason);
    }

    // A task, the mapped task that it is a child of, the task whose flow it is in, and so on.
    private static void Mark(HashSet<string> marks, string path)
    {
        while (marks.Add(path))
        {
            var end = path[path.Length - 1] == ']' ? path.LastIndexOf('[') : path.LastIndexOf('/');
            if (end <= 0)
                return;
            path = path.Substring(0, end);
        }
    }
}
