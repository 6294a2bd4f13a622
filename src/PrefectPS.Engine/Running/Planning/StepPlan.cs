using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Collects the plan of a step: actions per task, and what would be written.</summary>
internal sealed class StepPlan
{
    private readonly Dictionary<string, (FlowPlanAction Action, string Reason)> _notes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal); // paths with something unknown inside
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal); // paths with something waiting inside
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);
    private readonly PlanClock _clock;

    /// <param name="services">Services of the flow.</param>
    /// <param name="budget">The step's budget.</param>
    public StepPlan(FlowServices services, StepBudget budget)
    {
        IsCounted = budget.MaxTasks is not null;
        Places = budget.Throttle?.Limit ?? 1;
        _clock = new(services.Clock.GetUtcNow());
        Services = new() { Clock = _clock, Chance = services.Chance };
    }

    /// <summary>Clock and randomness of the planned step.</summary>
    public FlowServices Services { get; }

    /// <summary>Number of concurrent bodies.</summary>
    public int Places { get; }

    /// <summary>True if the number of bodies is limited.</summary>
    public bool IsCounted { get; }

    /// <summary>True if it is unknown for some task whether its body would run.</summary>
    public bool HasUnknown => _unknown.Count > 0;

    /// <summary>The planned action of a task or child; null if none is known.</summary>
    public (FlowPlanAction Action, string Reason)? Find(string path) => _notes.TryGetValue(path, out var note) ? note : null;

    /// <summary>True if the body of the task, or of something inside it, would run.</summary>
    public bool Runs(string path) => Find(path)?.Action == FlowPlanAction.Run;

    /// <summary>True if something about the task is unknown.</summary>
    public bool IsUnknown(string path) => _unknown.Contains(path);

    /// <summary>True if something of the task waits.</summary>
    public bool IsWaiting(string path) => _waiting.Contains(path);

    /// <summary>Notes the planned action of a task or child. Run is never replaced: whatever comes later, such as a retry, follows from it.</summary>
    public void Note(TaskRun task, FlowPlanAction action, string reason) => Note(task, task.Path, action, reason);

    /// <summary>Notes that a mapped task may get other children: what happens to the current ones is unknown.</summary>
    /// <param name="child">One of the children.</param>
    /// <param name="path">Path of the mapped task.</param>
    /// <param name="reason">The reason.</param>
    public void NoteMap(TaskRun child, string path, string reason) => Note(child, path, FlowPlanAction.Unknown, reason);

    /// <summary>Notes a path that would be written and may be found by a downstream task.</summary>
    public void Write(string path) => _written.Add(path);

    /// <summary>True if the path would have been written by then.</summary>
    public bool IsWritten(string path) => _written.Contains(path);

    /// <summary>Assumed outcome of a body: it succeeds after its expected duration, with an unknown result. Whether a poll's answer is accepted is unknown.</summary>
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

    // Marks a task, the mapped task it is a child of, the task whose subflow it is in, and so on.
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
