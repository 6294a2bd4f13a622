using System.Collections.Concurrent;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>
/// Runs all tasks of a step that can run now, several bodies at a time. Everything but the bodies happens on the step's own thread,
/// so that no state is changed by two at once, and handlers run where they always do.
/// </summary>
internal sealed class ParallelPass(
    FlowPlan plan, State[] states, TaskPipeline pipeline, StepClock clock, Throttle throttle, IBodyPool pool, Action<int, State> set)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly ReadyTasks _ready = new(plan, states);
    private readonly BlockingCollection<Action> _events = [];
    private readonly HashSet<ActiveBody> _active = [];
    private readonly HashSet<int> _owned = []; // mapped tasks whose array of children this step has made its own

    /// <summary>Runs until nothing is left that can run now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside; all bodies have been stopped.</exception>
    public void Run()
    {
        try
        {
            do
            {
                while (!throttle.IsFull && _ready.TryTake(throttle.TryEnter, out var task, out var child))
                    Begin(task, child);
                if (_active.Count > 0)
                    HandleNext();
            }
            while (_active.Count > 0 || !_ready.IsEmpty);
        }
        catch (Exception e)
        {
            StopAll();
            if (e is OperationCanceledException and not StepStoppedException)
                throw new StepStoppedException(e);
            throw;
        }
    }

    private void Begin(int task, int child)
    {
        var run = new TaskRun(plan.Tasks[task], StateOf(task, child), child == ReadyTasks.Self ? null : child);
        if (pipeline.Begin(run) is { } ended)
        {
            throttle.Leave(run.Task);
            Settle(task, child, ended);
            return;
        }

        if (!throttle.RunsBeside(run.Task))
        {
            throttle.Leave(run.Task);
            pipeline.RunBody(run);
            Conclude(run, task, child);
            return;
        }

        var active = new ActiveBody(run, task, child, clock.Now + run.Task.Timeout);
        _active.Add(active);
        active.Body = pipeline.StartBody(run, pool, _events.Add, () => _events.Add(() => End(active)));
        if (active.Body is null)
            End(active);
    }

    private void End(ActiveBody active)
    {
        if (!_active.Remove(active))
            return;
        using var body = active.Body;
        var run = active.Run;
        throttle.Leave(run.Task);
        pipeline.Progress?.End(run);
        if (active.IsCutShort)
        {
            // It stays Running until the step's end settles what becomes of it: nothing may follow from it yet.
            pipeline.UseUpBudget();
            Settle(active.Task, active.Child, run.State);
            return;
        }

        pipeline.SetOutcome(run, active);
        Conclude(run, active.Task, active.Child);
        pipeline.Progress?.Report();
    }

    private void Conclude(TaskRun run, int task, int child)
    {
        var left = pipeline.End(run);
        Settle(task, child, left);
        if (run.GoesOn(left, clock))
            _ready.Again(task, child);
    }

    // Waits for a body to end or to write something; stops those whose time is over.
    private void HandleNext()
    {
        var next = _active.Where(a => !a.IsStopping).Select(a => a.EndsBy(clock.Deadline)).Min();
        var wait = next is { } time ? time - clock.Now : (TimeSpan?)null;
        if (wait <= TimeSpan.Zero)
        {
            StopOverdue();
            return;
        }

        if (pipeline.Progress is not null && !(wait < ReportInterval))
            wait = ReportInterval;
        var milliseconds = wait is { } some ? (int)Math.Min(Math.Ceiling(some.TotalMilliseconds), int.MaxValue) : Timeout.Infinite;
        if (_events.TryTake(out var action, milliseconds, clock.CancellationToken))
            action();
        else
            pipeline.Progress?.Report();
    }

    private void StopOverdue()
    {
        foreach (var active in _active.Where(a => !a.IsStopping && a.EndsBy(clock.Deadline) <= clock.Now).ToArray())
            active.Stop(isTimeout: active.TimesOutAt <= clock.Now);
    }

    // On the way out: nothing is made of how they end.
    private void StopAll()
    {
        foreach (var active in _active)
            active.Body?.Stop();
    }

    private State StateOf(int task, int child) => child == ReadyTasks.Self ? states[task] : states[task].Children![child];

    private void Settle(int task, int child, State state)
    {
        if (child != ReadyTasks.Self)
        {
            SetChild(task, child, state);
            if (state.IsFinished)
                _ready.ChildFinished(task, child);
            return;
        }

        set(task, state);
        if (state.Children is not null)
            _ready.Mapped(task);
        else if (state.IsFinished)
            _ready.Finished(task);
    }

    private void SetChild(int task, int child, State state)
    {
        if (ReferenceEquals(states[task].Children![child], state))
            return;
        if (_owned.Add(task))
            set(task, states[task] with { Children = (State[])states[task].Children!.Clone() });
        states[task].Children![child] = state;
    }
}
