using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Runs all tasks of a step that can run now, several bodies at a time, those of subflows among them. Everything but the bodies happens
/// on the step's own thread, so that no state is changed by two at once, and handlers run where they always do.
/// </summary>
internal sealed class ParallelPass(StepContext step, Throttle throttle, IBodyPool pool)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly List<ParallelRun> _runs = []; // a subrun stands behind the run it belongs to
    private readonly StepClock _clock = step.Clock;
    private readonly BlockingCollection<Action> _events = [];
    private readonly HashSet<ActiveBody> _active = [];
    private readonly Func<FlowTask, bool> _enter = throttle.TryEnter;

    /// <summary>Runs until nothing is left that can run now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside; all bodies have been stopped.</exception>
    public void Run(WorkingRun root)
    {
        Add(root, owner: null);
        try
        {
            do
            {
                while (!throttle.IsFull && TryTake(_runs, _enter, out var run, out var task, out var child))
                    Begin(run, task, child);
                if (EndSubruns())
                    continue;
                if (_active.Count > 0)
                    HandleNext();
                else
                    BeginAgainstHeld();
            }
            while (_active.Count > 0 || !_runs.TrueForAll(run => run.HasEnded) || TryWait());
        }
        catch (Exception e)
        {
            StopAll();
            KeepEnded();
            if (e is OperationCanceledException and not StepStoppedException)
                throw new StepStoppedException(e);
            throw;
        }
    }

    private DateTimeOffset? NextDue => _clock.IsUsedUp ? null : _runs.Select(run => run.Waiting.NextDue).Min();

    // With nothing left to do but what is due later.
    private bool TryWait() => NextDue is { } time && step.TryWaitUntil(time);

    private void Add(WorkingRun run, ActiveSubrun? owner)
    {
        _runs.Add(new(run, owner, throttle));
        run.Pipeline.Regain = task => new SequentialPass(_clock, RunNow).Regain(run, task);
    }

    // Flows inside tasks that hold the places of tags may wait for each other's: then one task goes on all the same, the deepest first.
    private void BeginAgainstHeld()
    {
        if (TryTake([.. Enumerable.Reverse(_runs)], throttle.Enter, out var run, out var task, out var child))
            Begin(run, task, child);
    }

    private bool TryTake(
        List<ParallelRun> candidates, Func<FlowTask, bool> enter, [NotNullWhen(true)] out ParallelRun? run, out int task, out int child)
    {
        foreach (var candidate in candidates)
        {
            candidate.WakeUp(_clock.Now);
            if (!candidate.Ready.TryTake(enter, out task, out child))
                continue;
            run = candidate;
            return true;
        }

        (run, task, child) = (null, -1, ReadyTasks.Self);
        return false;
    }

    private void Begin(ParallelRun parallel, int task, int child)
    {
        var pipeline = parallel.Run.Pipeline;
        var run = parallel.NewRun(task, child);
        if (pipeline.Begin(run) is { } ended)
        {
            throttle.Leave(run.Task);
            parallel.SettleUntilDue(task, child, ended, _clock.Now);
        }
        else if (run.Task.Subflow is not null)
        {
            throttle.Hold(run.Task);
            BeginSubrun(new(parallel, run, task, child));
        }
        else if (throttle.RunsBeside(run.Task))
        {
            parallel.Active++;
            StartBody(pipeline, run, active => End(parallel, active, task, child));
        }
        else
        {
            throttle.Leave(run.Task);
            if (pipeline.RunBody(run) is { } cutShort)
                parallel.Settle(task, child, cutShort);
            else
                Conclude(parallel, run, task, child);
        }
    }

    private void BeginSubrun(ActiveSubrun owner)
    {
        if (owner.Parent.Run.Pipeline.BeginSubrun(owner.Run) is not { } subrun)
        {
            throttle.LetGo(owner.Run.Task);
            Conclude(owner.Parent, owner.Run, owner.Task, owner.Child);
            return;
        }

        owner.Parent.Active++;
        Add(subrun, owner);
    }

    // What a subrun ends in may let its parent go on, or end.
    private bool EndSubruns()
    {
        var ended = _runs.FindLast(run => run.Owner is not null && run.HasEnded);
        if (ended is not { Owner: { Parent: var parent } owner })
            return false;
        _runs.Remove(ended);
        parent.Active--;
        throttle.LetGo(owner.Run.Task);
        if (parent.Run.Pipeline.EndSubrun(owner.Run, ended.Run) is { } parked)
            parent.SettleUntilDue(owner.Task, owner.Child, parked, _clock.Now);
        else
            Conclude(parent, owner.Run, owner.Task, owner.Child);
        return true;
    }

    private void StartBody(TaskPipeline pipeline, TaskRun run, Action<ActiveBody> ended)
    {
        var active = new ActiveBody(run, run.Task.Timeout is { } timeout ? _clock.Now.Plus(timeout) : null, ended);
        _active.Add(active);
        active.Body = pipeline.StartBody(run, pool, _events.Add, () =>
        {
            active.SetEnded();
            _events.Add(() => End(active));
        }, active.StopToken);
        if (active.Body is null)
            End(active);
    }

    private void End(ActiveBody active)
    {
        if (!_active.Remove(active))
            return;
        using var ended = active;
        step.Progress?.End(active.Run);
        if (active.IsCutShort)
            _clock.UseUp();
        active.Ended(active);
    }

    private void End(ParallelRun parallel, ActiveBody active, int task, int child)
    {
        var run = active.Run;
        parallel.Active--;
        throttle.Leave(run.Task);
        if (active.IsCutShort)
        {
            // It stays Running until the step's end settles what becomes of it: nothing may follow from it yet.
            parallel.Settle(task, child, run.State);
            return;
        }

        parallel.Run.Pipeline.SetOutcome(run, active);
        Conclude(parallel, run, task, child);
        step.Progress?.Report();
    }

    // For a result that is needed at once, in the place of the task that needs it; the others go on meanwhile, but none begins.
    private State? RunNow(TaskPipeline pipeline, TaskRun run)
    {
        if (!throttle.RunsBeside(run.Task))
            return pipeline.RunBody(run);
        var isCutShort = false;
        var hasEnded = false;
        StartBody(pipeline, run, active =>
        {
            hasEnded = true;
            isCutShort = active.IsCutShort;
            if (!isCutShort)
                pipeline.SetOutcome(run, active);
        });
        while (!hasEnded)
            HandleNext();
        return isCutShort ? run.State : null;
    }

    private void Conclude(ParallelRun parallel, TaskRun run, int task, int child)
    {
        var left = parallel.Run.Pipeline.End(run);
        parallel.Settle(task, child, left);
        if (run.GoesOn(left, _clock))
            parallel.Ready.Again(task, child);
        else if (left.Type.IsScheduled() && left.DueTime is { } due)
            parallel.Waiting.Add(task, child, due); // also one whose time has come this very moment
    }

    // Waits for a body to end or to write something, or for a task to be due; stops the bodies whose time is over.
    private void HandleNext()
    {
        var next = _active.Where(a => !a.IsStopping).Select(a => a.EndsBy(_clock.Deadline)).Min();
        if (next <= _clock.Now)
        {
            StopOverdue();
            return;
        }

        var due = throttle.IsFull ? null : NextDue;
        var wait = (due < next || next is null ? due : next) - _clock.Now;
        if (step.Progress is not null && !(wait < ReportInterval))
            wait = ReportInterval;
        step.Recorder?.Commit();
        var milliseconds = wait is { } some ? (int)Math.Min(Math.Max(Math.Ceiling(some.TotalMilliseconds), 0), int.MaxValue) : Timeout.Infinite;
        if (_events.TryTake(out var action, milliseconds, _clock.CancellationToken))
            action();
        else
            step.Progress?.Report();
        while (step.Recorder is not null && _events.TryTake(out var another)) // what has ended by now is kept in one go
            another();
    }

    private void StopOverdue()
    {
        foreach (var active in _active.Where(a => !a.IsStopping && a.EndsBy(_clock.Deadline) <= _clock.Now).ToArray())
            active.Stop(isTimeout: active.TimesOutAt <= _clock.Now);
    }

    // On the way out: nothing is made of how those end that still run.
    private void StopAll()
    {
        foreach (var active in _active.Where(a => a.Body is not null))
            active.Stop(isTimeout: false);
    }

    // What had come to its own end by then is not to run again; nothing begins that could follow from it.
    private void KeepEnded()
    {
        _clock.IgnoreStop();
        step.Progress = null;
        foreach (var active in _active.Where(a => a.HasEnded && a.EndedByItself).ToArray())
        {
            try
            {
                step.Recorder?.Commit(); // where it can keep no more, nobody else may be told either
                End(active);
            }
            catch (Exception)
            {
                // A handler that runs no more where the step is being stopped, or a store: it stays Running, and runs again.
            }
        }
    }
}
