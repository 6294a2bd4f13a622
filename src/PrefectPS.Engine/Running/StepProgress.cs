using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>How far a step is, for someone who watches it. There is none if nobody does.</summary>
internal sealed class StepProgress(IStepObserver observer, WorkingRun run, StepClock clock)
{
    private readonly List<TaskRun> _running = []; // in the order they began

    /// <summary>The slugs of the tasks and children whose bodies are running, in the order they began.</summary>
    public IEnumerable<string> Running => _running.Select(task => task.Slug);

    /// <summary>The time that the step waits for, where it only waits; else null.</summary>
    public DateTimeOffset? WaitsUntil { get; private set; }

    /// <summary>What is left of the step's time; null if it has any.</summary>
    public TimeSpan? RemainingTime => clock.RemainingTime;

    /// <summary>How many tasks are to run and how many of them have ended. Children count in the place of their mapped task.</summary>
    public (int Done, int Total) Count()
    {
        var (done, total) = (0, 0);
        for (var task = 0; task < run.States.Length; task++)
        {
            if (!run.IsSelected(task))
                continue;
            var state = run.States[task];
            total += state.Children?.Length ?? 1;
            done += state.Children?.Count(child => child.IsFinished) ?? (state.IsFinished ? 1 : 0);
        }

        return (done, total);
    }

    /// <summary>A body begins.</summary>
    public void Begin(TaskRun run)
    {
        _running.Add(run);
        Report();
    }

    /// <summary>A body has ended. What became of its task is not known yet, and so nothing is reported.</summary>
    public void End(TaskRun run) => _running.Remove(run);

    /// <summary>The step waits for a time, or, with null, does so no longer.</summary>
    public void Wait(DateTimeOffset? until)
    {
        WaitsUntil = until;
        Report();
    }

    /// <summary>Time has passed, or a task has ended.</summary>
    public void Report() => observer.Changed(this);
}
