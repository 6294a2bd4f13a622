using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>The bodies that run beside the step's thread: starts them, stops those whose time is over, and tells what came of each on the step's thread.</summary>
internal sealed class RunningBodies(StepContext step, IBodyPool pool)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly StepClock _clock = step.Clock;
    private readonly WorkQueue<Action> _events = new();
    private readonly Dictionary<ActiveBody, Started> _running = [];
    private volatile bool _isStopped;

    /// <summary>Where bodies run in other processes: which of them find a place there. Null if they run in this one.</summary>
    public IBodyPlaces? Places { get; } = pool.Places;

    /// <summary>True if there is one.</summary>
    public bool HasAny => _running.Count > 0;

    /// <summary>True if there is one that has not ended.</summary>
    public bool AnyRuns => _running.Keys.Any(active => !active.HasEnded);

    /// <summary>Starts a body.</summary>
    /// <param name="bodies">Runs the bodies of its run.</param>
    /// <param name="task">The task, which is Running.</param>
    /// <param name="ended">Called once, on the step's thread, with what came of it.</param>
    public void Start(BodyRunner bodies, TaskRun task, Action<BodyOutcome> ended)
    {
        var active = new ActiveBody(task);
        var isStarted = bodies.TryStart(
            task,
            pool,
            _events.Add,
            () =>
            {
                active.SetEnded();
                if (_isStopped)
                    task.LeavePlaces(); // nobody on the step's own thread sees to it any more
                _events.Add(() => End(active));
            },
            active.StopToken,
            out var body,
            out var failure);
        if (isStarted)
        {
            _running.Add(active, new(body!, bodies, ended));
            return;
        }

        active.Dispose();
        step.Progress?.End(task);
        ended(failure);
    }

    /// <summary>From now on, that there may be a place for a body wakes who waits in <see cref="HandleNext"/>.</summary>
    public void WakeByPlaces() => Places?.WakeBy(() => _events.Add(() => { }));

    /// <summary>Waits for a body to end or to write something, or for a time; stops the bodies whose time is over.</summary>
    /// <param name="until">The time; null if none.</param>
    public void HandleNext(DateTimeOffset? until)
    {
        var next = _running.Where(running => !running.Key.IsStopping).Select(running => EndOf(running)).Min();
        if (next <= _clock.Now)
        {
            StopOverdue();
            return;
        }

        var wait = (until < next || next is null ? until : next) - _clock.Now;
        if (step.Progress is not null && !(wait < ReportInterval))
            wait = ReportInterval;
        step.Recorder?.Flush();
        if (_events.TryTake(out var action, wait, _clock.CancellationToken))
            action();
        else
            step.Progress?.Report();
        while (step.Recorder is not null && _events.TryTake(out var another)) // what has ended by now is kept in one go
            another();
    }

    /// <summary>On the way out: asks all to stop. Nothing becomes of how those end that still run.</summary>
    public void StopAll()
    {
        _isStopped = true;
        foreach (var running in _running)
            running.Key.Stop(running.Value.Body, isTimeout: false);
    }

    /// <summary>On the way out: what had come to its own end by then is not to run again; nothing begins that could follow from it.</summary>
    public void KeepEnded()
    {
        _clock.IgnoreStop();
        step.Progress = null;
        foreach (var active in _running.Where(running => running.Key.HasEnded && running.Value.Body is { WasStopped: false, Loss: null }).Select(running => running.Key).ToArray())
        {
            try
            {
                step.Recorder?.Flush(); // where the record takes no more, nobody else may see it either
                End(active);
            }
            catch (Exception)
            {
                // A handler that runs no more where the step is being stopped, or a store: it stays Running, and runs again.
            }
        }

        foreach (var active in _running.Keys.Where(active => active.HasEnded))
            active.Run.LeavePlaces();
    }

    private void StopOverdue()
    {
        foreach (var running in _running.Where(running => !running.Key.IsStopping && EndOf(running) <= _clock.Now).ToArray())
            running.Key.Stop(running.Value.Body, isTimeout: running.Key.TimesOutAt(running.Value.Body) <= _clock.Now);
    }

    private DateTimeOffset? EndOf(KeyValuePair<ActiveBody, Started> running) => running.Key.EndsBy(running.Value.Body, _clock.Deadline);

    private void End(ActiveBody active)
    {
        if (!_running.TryGetValue(active, out var started))
            return;
        _running.Remove(active);
        using var ended = active;
        using var body = started.Body;
        step.Progress?.End(active.Run);
        if (OutcomeOf(active, started) is { } outcome)
            started.Ended(outcome);
        else
            Start(started.Bodies, active.Run, started.Ended);
        step.Progress?.Report();
    }

    // One that was cut short stays Running until the step's end settles what becomes of it: nothing may follow from it yet. Null for one that is to begin anew.
    private BodyOutcome? OutcomeOf(ActiveBody active, Started started)
    {
        if (started.Body.Loss is { } loss)
            return started.Bodies.EndAsLost(active.Run, loss);
        if (!started.Body.WasStopped)
            return started.Bodies.Conclude(active.Run, started.Body.GetResult); // even where it ended just as it was to be stopped
        if (active.IsTimedOut)
            return started.Bodies.TimeOut(active.Run);
        _clock.UseUp();
        return BodyOutcome.Left(active.Run.State);
    }

    private sealed record Started(IBodyRun Body, BodyRunner Bodies, Action<BodyOutcome> Ended);
}
