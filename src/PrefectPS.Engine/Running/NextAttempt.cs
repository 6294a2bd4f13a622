using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Says whether a task that failed is tried again, and when.</summary>
internal sealed class NextAttempt(StepContext step)
{
    /// <summary>The state in which a failed task waits for its next attempt; null where it has none.</summary>
    public State? Of(TaskRun task)
    {
        var failed = task.State;
        if (!failed.IsFailed || task.Task.Retry is not { } policy || !Allows(policy, task))
            return null;
        return failed.Retry(
            StateMessages.Retrying(task.Attempt, policy.MaxRetries), step.Clock.Now.Plus(policy.DelayAfter(task.Attempt, step.Clock.Chance)));
    }

    // A filter of the user's own may fail itself. Then the task has failed as it has, and that it is not retried is said.
    private bool Allows(RetryPolicy policy, TaskRun task)
    {
        try
        {
            return policy.Allows(task.Attempt, task.State.Error);
        }
        catch (Exception e) when (!step.Clock.IsStop(e))
        {
            step.Notices.Report(FlowErrors.RetryFilterFailed(task.Slug, e));
            return false;
        }
    }
}
