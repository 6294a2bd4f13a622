using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Ends mapped tasks whose goal is decided: children not yet started are skipped; running ones finish.</summary>
/// <param name="run">The run.</param>
/// <param name="plan">The plan, if the step is only planned; else null.</param>
internal sealed class MapGoals(WorkingRun run, StepPlan? plan)
{
    private readonly Dictionary<int, MapTally> _tallies = []; // child counts of the tasks seen in this pass
    private readonly HashSet<int> _over = []; // tasks whose remaining children were skipped

    /// <summary>Prepares the children of a task: applies the flow's current goal, and reinstates skipped children if an edit reopened it.</summary>
    public void Begin(int task)
    {
        if (run.States[task] is not { Children: { } children, IsFinished: false } mapped || (mapped.Goal is null && GoalOf(task) is null))
            return;
        if (mapped.Goal != GoalOf(task))
            run.Settle(task, child: null, mapped.WithGoal(GoalOf(task)));
        Forget(task);
        var isOpen = GoalOf(task)?.WhyEnded(TallyOf(task), children.Length) is null;
        for (var child = 0; child < children.Length && isOpen; child++)
        {
            if (run.States[task].Children![child] is { IsNotBegun: true } leftOut)
                run.ChangeTo(task, child, leftOut.Reinstate());
        }

        End(task, child: null, _ => false);
    }

    /// <summary>Drops the cached counts of a task that changed.</summary>
    public void Forget(int task)
    {
        _tallies.Remove(task);
        _over.Remove(task);
    }

    /// <summary>Updates the counts for a child's state change.</summary>
    public void Change(int task, State from, State to)
    {
        if (!_tallies.TryGetValue(task, out var tally))
            return;
        tally.Change(from, to);
        _tallies[task] = tally;
    }

    /// <summary>Skips the children not yet started if the task's goal is decided.</summary>
    /// <param name="task">The mapped task.</param>
    /// <param name="child">The child whose state changed; null if none.</param>
    /// <param name="isBegun">Whether a child is running.</param>
    /// <returns>The children that this ended.</returns>
    public List<int> End(int task, int? child, Func<int, bool> isBegun)
    {
        var ended = new List<int>();
        if (GoalOf(task) is not { } goal || run.States[task].Children is not { } children || goal.WhyEnded(TallyOf(task), children.Length) is not { } why)
            return ended;
        var mayBegin = child is null ? 0 : plan?.Places - 1 ?? 0; // beyond those that suffice
        var isFirst = _over.Add(task);
        for (var i = isFirst ? 0 : child ?? 0; i < (isFirst ? children.Length : (child ?? -1) + 1); i++)
        {
            if (!CanLeaveOut(run.States[task].Children![i]) || isBegun(i) || mayBegin-- > 0)
                continue;
            run.LeaveOut(task, i, State.LeaveOut(why, goal));
            if (run.States[task].Children![i].IsFinished)
                ended.Add(i);
        }

        return ended;
    }

    /// <summary>True if, in a plan, the task may be over before a child begins.</summary>
    public bool MayBeOver(int task)
    {
        if (GoalOf(task) is not { } goal || run.States[task].Children is not { } children)
            return false;
        var unknown = 0;
        for (var child = 0; child < children.Length; child++)
            unknown += plan!.IsUnknown(run.Path + ChildSlug.Of(run.Plan.Tasks[task], child)) ? 1 : 0;
        var tally = TallyOf(task);
        return goal.IsReachedBy(tally.Good + unknown, children.Length) || goal.IsMissedBy(tally.Failed + unknown, children.Length);
    }

    // Not what has ended or is half done: a loop between passes, a subflow that an earlier step began, a body whose process died.
    private static bool CanLeaveOut(State child) =>
        (!child.IsFinished || child.IsCancelledByBudget) && child.LoopCount == 1 && child.SubflowRun is not { IsOver: false } && !child.Type.IsRunning();

    private MapGoal? GoalOf(int task) => run.Plan.Tasks[task].Goal;

    private MapTally TallyOf(int task) => _tallies.TryGetValue(task, out var tally) ? tally : _tallies[task] = MapTally.Of(run.States[task].Children!);
}
