using System.Diagnostics.CodeAnalysis;
using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>
/// Runs all tasks of a step that can run now, several bodies at a time, subflows included. Everything but the bodies happens on the step's own thread:
/// states have one writer, and handlers run where they always do.
/// </summary>
internal sealed class ParallelPass
{
    private static readonly TimeSpan PlaceInterval = TimeSpan.FromSeconds(1);

    private readonly StepContext _step;
    private readonly StepClock _clock;
    private readonly Throttle _throttle;
    private readonly RunningBodies _bodies;
    private readonly SequentialPass _recompute;
    private readonly List<ParallelRun> _runs = []; // a subflow run comes after the run it belongs to

    public ParallelPass(StepContext step, Throttle throttle, IBodyPool pool)
    {
        _step = step;
        _clock = step.Clock;
        _throttle = throttle;
        _bodies = new(step, pool);
        _recompute = new(RunNow);
    }

    /// <summary>Runs until nothing can run now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside; all bodies have been stopped.</exception>
    public void Run(WorkingRun root)
    {
        _bodies.WakeByPlaces();
        _runs.Add(new(root, owner: null, LaneOf));
        try
        {
            do
            {
                while (!_throttle.IsFull && TryTake(_runs, task => HasPlaceFor(task) && _throttle.TryEnter(task), out var run, out var task, out var child))
                    Begin(run, task, child);
                if (EndSubflows())
                    continue;
                if (_bodies.HasAny)
                    HandleNext();
                else if (!TryBeginAgainstHeld())
                    WaitForPlace();
            }
            while (_bodies.HasAny || !_runs.TrueForAll(HasEnded) || TryWait());
        }
        catch (Exception e)
        {
            _bodies.StopAll();
            _bodies.KeepEnded();
            if (!_bodies.AnyRuns)
                _runs.ForEach(run => run.Owner?.Task.LeavePlaces());
            if (e is OperationCanceledException and not StepStoppedException)
                throw new StepStoppedException(e);
            throw;
        }
    }

    private DateTimeOffset? NextDue => _clock.IsUsedUp || _step.IsHalted ? null : _runs.Select(run => run.Waiting.NextDue).Min();

    // Nothing is left but what is due later.
    private bool TryWait() => NextDue is { } time && _step.TryWaitUntil(time);

    private void HandleNext() => _bodies.HandleNext(_throttle.IsFull ? null : NextDue);

    // Subflows whose tasks hold tag slots may deadlock on each other's: let one task proceed anyway, deepest first.
    private bool TryBeginAgainstHeld()
    {
        if (!TryTake([.. Enumerable.Reverse(_runs)], task => HasPlaceFor(task) && _throttle.Enter(task), out var run, out var task, out var child))
            return false;
        Begin(run, task, child);
        return true;
    }

    // Slots may appear and control requests arrive at any time.
    private void WaitForPlace()
    {
        if (_bodies.Places is not { } places || _step.IsHalted)
            return;
        FlowTask? waiting = null;
        if (TryTake(_runs, task => (waiting ??= task) is null, out _, out _, out _) || waiting is null)
            return;
        if (places.HasEnded)
        {
            _clock.UseUp();
            return;
        }

        places.NoteWaiting(waiting);
        _bodies.HandleNext(Earlier(NextDue, Earlier(_clock.Deadline, _clock.Now + PlaceInterval)));
        _step.Control?.Look();
    }

    // With the budget used up, a task only learns that, and needs no slot; neither does a subflow.
    private bool HasPlaceFor(FlowTask task) =>
        _bodies.Places is not { } places || task.Subflow is not null || _clock.IsUsedUp || _clock.Deadline <= _clock.Now || places.HasPlaceFor(task);

    private string LaneOf(FlowTask task) =>
        _bodies.Places is { } places ? $"{_throttle.LimitsOf(task)}\n{(task.Subflow is null ? places.KindOf(task) : "flow")}" : _throttle.LimitsOf(task);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;

    // While the step is halted, ready tasks wait for the next pass.
    private bool HasEnded(ParallelRun run) => run.HasEnded || (_step.IsHalted && run.Active == 0);

    private bool TryTake(
        List<ParallelRun> candidates, Func<FlowTask, bool> enter, [NotNullWhen(true)] out ParallelRun? run, out int task, out int? child)
    {
        foreach (var candidate in _step.IsHalted ? [] : candidates)
        {
            candidate.WakeUp(_clock.Now);
            if (!candidate.TryTake(enter, out task, out child))
                continue;
            run = candidate;
            return true;
        }

        (run, task, child) = (null, -1, null);
        return false;
    }

    private void Begin(ParallelRun parallel, int index, int? child)
    {
        var run = parallel.Run;
        var task = run.NewTaskRun(index, child);
        var next = _recompute.Begin(run, task);
        if (next.Kind != DecisionKind.Run)
        {
            _throttle.Leave(task.Task);
            parallel.Take(task, next);
        }
        else if (task.Task.Subflow is not null)
        {
            _throttle.Hold(task.Task);
            BeginSubflow(parallel, task);
        }
        else if (_throttle.RunsOffThread(task.Task))
        {
            parallel.Active++;
            _bodies.Start(run.Bodies, task, outcome =>
            {
                parallel.Active--;
                _throttle.Leave(task.Task);
                End(parallel, task, outcome);
            });
        }
        else
        {
            _throttle.Leave(task.Task);
            End(parallel, task, run.Bodies.Run(task));
        }
    }

    private void BeginSubflow(ParallelRun parallel, TaskRun task)
    {
        if (parallel.Run.Subflows.TryBegin(task, out var subflow, out var failure))
        {
            parallel.Active++;
            _runs.Add(new(subflow, new(parallel, task), LaneOf));
        }
        else
        {
            _throttle.ReleaseHeld(task.Task);
            End(parallel, task, failure);
        }
    }

    // The end of a subflow may let its parent continue or end.
    private bool EndSubflows()
    {
        var ended = _runs.FindLast(run => run.Owner is not null && HasEnded(run));
        if (ended is not { Owner: { Parent: var parent, Task: var task } })
            return false;
        _runs.Remove(ended);
        parent.Active--;
        _throttle.ReleaseHeld(task.Task);
        End(parent, task, parent.Run.Subflows.End(task, ended.Run));
        return true;
    }

    private static void End(ParallelRun parallel, TaskRun task, BodyOutcome outcome) => parallel.Take(task, parallel.Run.Pipeline.End(task, outcome));

    // Recomputes a result that is needed at once; running bodies continue meanwhile, but none starts.
    private BodyOutcome RunNow(WorkingRun run, TaskRun task)
    {
        if (!_throttle.RunsOffThread(task.Task))
            return run.Bodies.Run(task);
        BodyOutcome? outcome = null;
        _bodies.Start(run.Bodies, task, ended => outcome = ended);
        while (outcome is null)
            HandleNext();
        return outcome.Value;
    }
}
