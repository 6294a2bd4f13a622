using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>How far a step is, for someone who watches it. There is none where nobody does.</summary>
public sealed class StepProgress
{
    private readonly IStepObserver _observer;
    private readonly WorkingRun _run;
    private readonly StepClock _clock;
    private readonly List<TaskRun> _running = []; // in the order they began

    /// <param name="observer">Whoever watches the step.</param>
    /// <param name="run">The step's run.</param>
    /// <param name="clock">The step's time.</param>
    internal StepProgress(IStepObserver observer, WorkingRun run, StepClock clock) => (_observer, _run, _clock) = (observer, run, clock);

    /// <summary>The slugs of the tasks and children whose bodies are running, in the order they began.</summary>
    public IEnumerable<string> Running => _running.Select(task => task.Slug);

    /// <summary>The time that the step waits for, where it only waits; else null.</summary>
    public DateTimeOffset? WaitsUntil { get; private set; }

    /// <summary>What is left of the step's time; null where it has any.</summary>
    public TimeSpan? RemainingTime => _clock.RemainingTime;

    /// <summary>How many tasks are to run and how many of them have ended. Children count in the place of their mapped task.</summary>
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

    /// <summary>A body begins.</summary>
    internal void Begin(TaskRun run)
    {
        _running.Add(run);
        Report();
    }

    /// <summary>A body has ended. What became of its task is not known yet, and so nothing is reported.</summary>
    internal void End(TaskRun run) => _running.Remove(run);

    /// <summary>The step waits for a time, or, with null, does so no longer.</summary>
    internal void Wait(DateTimeOffset? until)
    {
        WaitsUntil = until;
        Report();
    }

    /// <summary>Time has passed, or a task has ended.</summary>
    internal void Report() => _observer.Changed(this);
}
