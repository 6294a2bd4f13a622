using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Progress of a step, created only if someone watches it.</summary>
internal sealed class StepProgress(IStepObserver observer, WorkingRun run, StepClock clock)
{
    private readonly List<TaskRun> _running = []; // in starting order

    /// <summary>Slugs of the tasks and children whose bodies are running, in starting order.</summary>
    public IEnumerable<string> Running => _running.Select(task => task.Slug);

    /// <summary>The time the step waits for if it only waits; else null.</summary>
    public DateTimeOffset? WaitsUntil { get; private set; }

    /// <summary>Remaining time of the step; null if unlimited.</summary>
    public TimeSpan? RemainingTime => clock.RemainingTime;

    /// <summary>Number of selected tasks and how many have ended; mapped tasks count by their children.</summary>
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

    /// <summary>Adds a body that begins.</summary>
    public void Begin(TaskRun run)
    {
        _running.Add(run);
        Report();
    }

    /// <summary>Removes a body that has ended. Reports nothing yet, as the task's outcome is not known.</summary>
    public void End(TaskRun run) => _running.Remove(run);

    /// <summary>Notes that the step waits for a time; null once it does not.</summary>
    public void Wait(DateTimeOffset? until)
    {
        WaitsUntil = until;
        Report();
    }

    /// <summary>Notifies the observer.</summary>
    public void Report() => observer.Changed(this);
}
