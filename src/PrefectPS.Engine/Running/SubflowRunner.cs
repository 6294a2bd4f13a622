using System.Diagnostics.CodeAnalysis;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Runs subflows and turns their results into outcomes of their tasks.</summary>
internal sealed class SubflowRunner(RunStates states, RunIdentity run, StepContext step, BodyRunner bodies)
{
    /// <summary>Begins the task's subflow, or continues it where another step left off.</summary>
    /// <param name="task">The Running task.</param>
    /// <param name="subflow">The subflow run, if there is one to run.</param>
    /// <param name="failure">The outcome, if it could not be begun.</param>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public bool TryBegin(TaskRun task, [NotNullWhen(true)] out WorkingRun? subflow, out BodyOutcome failure)
    {
        var begun = task.State.SubflowRun;
        FlowState? opened = null;
        failure = bodies.Evaluate(
            task,
            () =>
            {
                var arguments = task.ArgumentsIn(run, states.View);
                var part = run.Selection?.In(states.View.Plan).PartOf(task.Task.Index);
                opened = SubflowRuns.Mark(begun is null ? SubflowRuns.New(task, run, part, arguments) : SubflowRuns.Continue(task, begun, part, arguments), run.Hides(task.Task));
                return State.Starting;
            },
            begun);
        subflow = opened is null ? null : Open(task, opened);
        return subflow is not null;
    }

    /// <summary>Result of a pass over the task's subflow: its outcome, or the state in which the task waits for it.</summary>
    public BodyOutcome End(TaskRun task, WorkingRun subflow)
    {
        if (step.Clock.IsUsedUp)
            subflow.RequeueInterrupted();
        var after = subflow.ToState().AsOfNow();
        subflow.NotifyFailure(after);
        if (after.StateType.IsFinished())
            return bodies.Evaluate(task, () => SubflowRuns.Outcome(after));
        var settled = states.StateOf(task.Task.Index, task.MapIndex)!;
        return BodyOutcome.Left(ReferenceEquals(after, settled.SubflowRun) && WaitsFor(settled, after) ? settled : task.State.Park(after));
    }

    // A task reset while its subflow waits does not show that yet.
    private static bool WaitsFor(State settled, FlowState subflow) => settled.Type == subflow.StateType && settled.DueTime == subflow.NextStartTime;

    // The start of a subflow is an event of its own, before those of its tasks.
    private WorkingRun Open(TaskRun task, FlowState opened)
    {
        var settled = states.StateOf(task.Task.Index, task.MapIndex)!;
        if (!ReferenceEquals(opened, settled.SubflowRun) || settled.RunCount != task.Attempt)
            states.Settle(task.Task, task.MapIndex, task.State.ChangeSubflow(opened));
        var identity = opened.Identity with { Step = run.Step, IsPlanned = run.IsPlanned, Root = run.Root ?? new(states.Flow, run.RunId) };
        var working = new WorkingRun(states.OpenSubflow(task.Task, task.MapIndex, opened), identity, step);
        if (task.IsRerun)
            working.RecomputeLost();
        return working;
    }
}
