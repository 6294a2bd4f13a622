using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs all tasks of a step that can run now, one after the other in plan order, on the step's own thread.</summary>
/// <param name="runBody">Runs a body to its end.</param>
internal class SequentialPass(Func<WorkingRun, TaskRun, BodyOutcome> runBody)
{
    /// <summary>Runs until nothing can run now.</summary>
    /// <exception cref="StepStoppedException">The step was stopped from outside.</exception>
    public void Run(WorkingRun run)
    {
        foreach (var task in run.Unsettled)
        {
            if (run.IsHalted)
                return;
            if (run.IsToRun(task))
                RunTask(run, task);
        }
    }

    /// <summary>Runs a task again for its result, which was not kept.</summary>
    public void Recompute(WorkingRun run, int task)
    {
        var lost = run.States[task];
        if (lost.Children is null)
            Recompute(run, task, lost, child: null);
        for (var child = 0; child < lost.Children?.Length; child++)
        {
            if (lost.Children[child].IsResultLost)
                Recompute(run, task, lost.Children[child], child);
        }
    }

    // A rerun that did not begin or was interrupted leaves the task as it was.
    private void Recompute(WorkingRun run, int task, State lost, int? child)
    {
        var again = run.NewRerun(task, child);
        var left = RunThrough(run, task, again);
        run.Settle(task, child, ReferenceEquals(left, again.Given) || left.Type.IsRunning() ? lost : left);
    }

    private void RunTask(WorkingRun run, int task)
    {
        run.Remap(task);
        if (run.States[task].Children is null)
            run.Settle(task, child: null, RunThrough(run, task, run.NewTaskRun(task, child: null)));
        var count = run.States[task].Children?.Length ?? 0;
        for (var child = 0; child < count && !run.IsHalted; child++)
        {
            if (run.States[task].Children![child].IsFinished)
                continue;
            run.Settle(task, child, RunThrough(run, task, run.NewTaskRun(task, child)));
            run.EndMap(task, child, isBegun: _ => false);
        }
    }

    // Returns the state the task is left in, after immediate retries and loop passes.
    private State RunThrough(WorkingRun run, int index, TaskRun task)
    {
        while (true)
        {
            var next = Begin(run, task);
            if (next.Kind == DecisionKind.Run)
                next = run.Pipeline.End(task, task.Task.Subflow is null ? runBody(run, task) : RunSubflow(run, task));
            if (next.Kind != DecisionKind.Again)
                return next.State;
            run.Settle(index, task.MapIndex, next.State);
            if (run.IsHalted)
                return next.State;
            task = run.NewTaskRun(task, next.State);
        }
    }

    /// <summary>Runs the checks before a body, and recomputes inputs that they find missing.</summary>
    public virtual TaskDecision Begin(WorkingRun run, TaskRun task)
    {
        var next = run.Pipeline.Begin(task);
        while (next.Kind == DecisionKind.Recompute)
        {
            Recompute(run, next.Input);
            task.Recomputed = next.Input;
            next = run.Pipeline.Begin(task);
        }

        return next;
    }

    private BodyOutcome RunSubflow(WorkingRun run, TaskRun task)
    {
        try
        {
            if (!run.Subflows.TryBegin(task, out var subflow, out var failure))
                return failure;
            Run(subflow);
            return run.Subflows.End(task, subflow);
        }
        finally
        {
            task.LeavePlaces();
        }
    }
}
