using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Bodies running off the step's thread: starts them, stops overdue ones, and delivers outcomes on the step's thread.</summary>
internal sealed class RunningBodies(StepContext step, IBodyPool pool)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly StepClock _clock = step.Clock;
    private readonly WorkQueue<Action> _events = new();
    private readonly Dictionary<ActiveBody, Started> _running = [];
    private volatile bool _isStopped;

    /// <summary>Slots in other processes; null if bodies run in this one.</summary>
    public IBodyPlaces? Places { get; } = pool.Places;

    /// <summary>True if a body was started and not yet processed.</summary>
    public bool HasAny => _running.Count > 0;

    /// <summary>True if a body has not ended.</summary>
    public bool AnyRuns => _running.Keys.Any(active => !active.HasEnded);

    /// <summary>Starts a body.</summary>
    /// <param name="bodies">The body runner of the task's run.</param>
    /// <param name="task">The Running task.</param>
    /// <param name="ended">Called once, on the step's thread, with the outcome.</param>
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
                    task.LeavePlaces(); // the step's thread no longer does this
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

    /// <summary>Wakes <see cref="HandleNext"/> whenever a slot may have become available.</summary>
    public void WakeByPlaces() => Places?.WakeBy(() => _events.Add(() => { }));

    /// <summary>Waits for a body to end or write, or until a time; stops overdue bodies.</summary>
    /// <param name="until">The time; null for no limit.</param>
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
        while (step.Recorder is not null && _events.TryTake(out var another)) // record all that has ended at once
            another();
    }

    /// <summary>Asks all bodies to stop, as the step is aborted; outcomes of those still running are lost.</summary>
    public void StopAll()
    {
        _isStopped = true;
        foreach (var running in _running)
            running.Key.Stop(running.Value.Body, isTimeout: false);
    }

    /// <summary>Records the outcomes of bodies that had already ended when the step was aborted, so that they do not run again; starts nothing.</summary>
    public void KeepEnded()
    {
        _clock.IgnoreStop();
        step.Progress = null;
        foreach (var active in _running.Where(running => running.Key.HasEnded && running.Value.Body is { WasStopped: false, Loss: null }).Select(running => running.Key).ToArray())
        {
            try
            {
                step.Recorder?.Flush(); // if the record cannot be written, handlers must not see the outcome
                End(active);
            }
            catch (Exception)
            {
                // A handler or store failed during the abort: the task stays Running, and runs again.
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

    // An interrupted body stays Running until the end of the step decides: nothing may follow from it yet. Null if it is to begin anew.
    private BodyOutcome? OutcomeOf(ActiveBody active, Started started)
    {
        if (started.Body.Loss is { } loss)
            return started.Bodies.EndAsLost(active.Run, loss);
        if (!started.Body.WasStopped)
            return started.Bodies.Conclude(active.Run, started.Body.GetResult); // even if it ended just before it would have been stopped
        if (active.IsTimedOut)
            return started.Bodies.TimeOut(active.Run);
        _clock.UseUp();
        return BodyOutcome.Left(active.Run.State);
    }

    private sealed record Started(IBodyRun Body, BodyRunner Bodies, Action<BodyOutcome> Ended);
}
