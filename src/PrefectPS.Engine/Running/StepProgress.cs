using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Progress of a step, created only if someone watches it.</summary>
public sealed class StepProgress
{
    private readonly IStepObserver _observer;
    private readonly WorkingRun _run;
    private readonly StepClock _clock;
    private readonly List<TaskRun> _running = []; // in starting order

    /// <param name="observer">Watches the step.</param>
    /// <param name="run">The step's run.</param>
    /// <param name="clock">The step's clock.</param>
    internal StepProgress(IStepObserver observer, WorkingRun run, StepClock clock) => (_observer, _run, _clock) = (observer, run, clock);

    /// <summary>Slugs of the tasks and children whose bodies are running, in starting order.</summary>
    public IEnumerable<string> Running => _running.Select(task => task.Slug);

    /// <summary>The time the step waits for if it only waits; else null.</summary>
    public DateTimeOffset? WaitsUntil { get; private set; }

    /// <summary>Remaining time of the step; null if unlimited.</summary>
    public TimeSpan? RemainingTime => _clock.RemainingTime;

    /// <summary>Number of selected tasks and how many have ended; mapped tasks count by their children.</summary>
    public (int Done, int Total) Count()
    {
        var (done, total) = (0, 0);
        for (var task = 0; task < _run.States.Length; task++)
        {
            if (!_run.IsSelected(task))
                continue;
            var state = _run.States[task];
            total += state.Children?.Length ?? 1;
            done += state.Children?.Count(child => child.IsFinished) ?? (state.IsFinished ? 1 : 0);
        }

        return (done, total);
    }

    /// <summary>Adds a body that begins.</summary>
    internal void Begin(TaskRun run)
    {
        _running.Add(run);
        Report();
    }

    /// <summary>Removes a body that has ended. Reports nothing yet, as the task's outcome is not known.</summary>
    internal void End(TaskRun run) => _running.Remove(run);

    /// <summary>Notes that the step waits for a time; null once it does not.</summary>
    internal void Wait(DateTimeOffset? until)
    {
        WaitsUntil = until;
        Report();
    }

    /// <summary>Notifies the observer.</summary>
    internal void Report() => _observer.Changed(this);
}
