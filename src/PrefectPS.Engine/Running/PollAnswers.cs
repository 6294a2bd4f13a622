using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Tests a poll's answer and decides whether the task succeeds, polls again or ends.</summary>
internal sealed class PollAnswers(Checkpointer checkpointer, RunIdentity run, StepContext step)
{
    /// <summary>Tests the answer of a task's body.</summary>
    /// <returns>Nothing if the answer is accepted; Found with the state to wait or end in; Refused if the test failed the attempt.</returns>
    /// <exception cref="StepStoppedException">The step is being stopped from outside.</exception>
    public EffectResult Ask(TaskRun task)
    {
        try
        {
            return task.Task.Poll!.Test.Accepts(task.ContextIn(run, step.Clock), task.Outcome.State.Result?.Value) ? EffectResult.Nothing : PollOn(task, task.Task.Poll);
        }
        catch (FlowSignalException signal)
        {
            return EffectResult.Refused(Finish(task, signal.State));
        }
        catch (Exception e) when (!step.Clock.IsStop(e))
        {
            var error = TaskErrors.Of(e);
            return EffectResult.Refused(Finish(task, TaskErrors.Fail(StateMessages.AnswerTestFailed(error.Message), error)));
        }
    }

    // The last poll happens at the timeout, so that what came since the previous one counts.
    private EffectResult PollOn(TaskRun task, PollPolicy poll)
    {
        var (now, until) = (step.Clock.Now, task.State.Wait?.Until);
        if (until is null || now < until)
        {
            var next = now.Plus(poll.Interval);
            return EffectResult.Found(task.State.PollOn(until < next ? until.Value : next, now));
        }

        if (poll.TimeoutAction == WaitTimeoutAction.Run)
            return EffectResult.Nothing;
        var message = StateMessages.PolledInVain(until.Value);
        return EffectResult.Found(poll.TimeoutAction == WaitTimeoutAction.Skip
            ? Finish(task, new(StateType.Skipped, message))
            : checkpointer.Check(task, Finish(task, new(StateType.TimedOut, message) { Result = task.Outcome.State.Result, Error = new(message) })));
    }

    private State Finish(TaskRun task, State outcome) => task.State.End(outcome, step.Clock.Now);
}
