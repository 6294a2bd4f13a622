using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>A run or subflow run in a parallel pass: its ready and running tasks.</summary>
/// <param name="run">The run.</param>
/// <param name="owner">The task whose subflow this is; null for the step's own run.</param>
/// <param name="laneOf">Admission key of a task.</param>
internal sealed class ParallelRun(WorkingRun run, ActiveSubflow? owner, Func<FlowTask, string> laneOf)
{
    private readonly ReadyTasks _ready = new(run.Plan, run.States, run.Unsettled, run.IsSelected, run.Remap, laneOf);

    private readonly HashSet<(int Task, int Child)> _begun = []; // children taken but not decided yet

    public WorkingRun Run { get; } = run;

    public ActiveSubflow? Owner { get; } = owner;

    /// <summary>Tasks to try again at a time.</summary>
    public WaitingTasks Waiting { get; } = new();

    /// <summary>Number of running bodies and subflows.</summary>
    public int Active { get; set; }

    public bool HasEnded => Active == 0 && _ready.IsEmpty;

    /// <summary>Takes the first ready task or child that is admitted.</summary>
    public bool TryTake(Func<FlowTask, bool> enter, out int task, out int? child)
    {
        var isTaken = _ready.TryTake(enter, out task, out var index);
        child = index == ReadyTasks.Self ? null : index;
        if (isTaken && child is not null)
            _begun.Add((task, index));
        return isTaken;
    }

    /// <summary>Makes tasks ready that are due.</summary>
    public void WakeUp(DateTimeOffset now)
    {
        while (Waiting.TryTake(now, out var task, out var child))
        {
            if (!HasEndedMeanwhile(task, child))
                _ready.Again(task, child);
        }
    }

    /// <summary>Applies a decision and updates what became ready by it.</summary>
    public void Take(TaskRun task, TaskDecision decision)
    {
        var (index, child, state) = (task.Task.Index, task.MapIndex ?? ReadyTasks.Self, decision.State);
        _begun.Remove((index, child));
        Run.Settle(index, task.MapIndex, state);
        if (decision.Kind == DecisionKind.Again)
            _ready.Again(index, child);
        else if (state.Type.IsScheduled() && state.DueTime is { } due && (decision.Kind == DecisionKind.End || due > Run.Now))
            Waiting.Add(index, child, due); // also one that has just ended and is due at this very moment
        if (task.MapIndex is { } childIndex)
        {
            if (state.IsFinished)
                _ready.ChildFinished(index, childIndex);
            foreach (var leftOut in Run.EndMap(index, childIndex, each => _begun.Contains((index, each))))
                _ready.LeaveOut(index, leftOut);
        }
        else if (state.Children is not null)
        {
            _ready.Mapped(index);
        }
        else if (state.IsFinished)
        {
            _ready.Finished(index);
        }
    }

    // A waiting child is skipped once the map is over.
    private bool HasEndedMeanwhile(int task, int child) => child != ReadyTasks.Self && Run.States[task].Children is { } children && children[child].IsFinished;
}
