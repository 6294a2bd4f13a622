using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A run in a parallel pass: which of its tasks can be taken, and which are being run.</summary>
/// <param name="run">The run.</param>
/// <param name="owner">The task whose subflow it is a run of; null for the step's own run.</param>
/// <param name="throttle">How many may run at once.</param>
internal sealed class ParallelRun(WorkingRun run, ActiveSubrun? owner, Throttle throttle)
{
    public WorkingRun Run { get; } = run;

    public ActiveSubrun? Owner { get; } = owner;

    public ReadyTasks Ready { get; } = new(run.Plan, run.States, run.MapAgain, throttle.LimitsOf);

    /// <summary>Those that are to be tried again at a time.</summary>
    public WaitingTasks Waiting { get; } = new();

    /// <summary>How many of its bodies and subruns are being run.</summary>
    public int Active { get; set; }

    public bool HasEnded => Active == 0 && Ready.IsEmpty;

    public TaskRun NewRun(int task, int child) => child == ReadyTasks.Self
        ? new(Run.Plan.Tasks[task], Run.States[task]) { IsRerun = Run.IsRerun }
        : new(Run.Plan.Tasks[task], Run.States[task].Children![child], child) { IsRerun = Run.IsRerun };

    /// <summary>Makes those ready whose time has come.</summary>
    public void WakeUp(DateTimeOffset now)
    {
        while (Waiting.TryTake(now, out var task, out var child))
            Ready.Again(task, child);
    }

    /// <summary>As <see cref="Settle"/>; one that has to wait for a time goes on then.</summary>
    public void SettleUntilDue(int task, int child, State state, DateTimeOffset now)
    {
        if (state.IsDueAfter(now))
            Waiting.Add(task, child, state.DueTime!.Value);
        Settle(task, child, state);
    }

    /// <summary>Takes the state that a task or child ends a pass in, and sees what can go on by it.</summary>
    public void Settle(int task, int child, State state)
    {
        if (child != ReadyTasks.Self)
        {
            Run.SetChild(task, child, state);
            if (state.IsFinished)
                Ready.ChildFinished(task, child);
            return;
        }

        Run.Set(task, state);
        if (state.Children is not null)
            Ready.Mapped(task);
        else if (state.IsFinished)
            Ready.Finished(task);
    }
}
