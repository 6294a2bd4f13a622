using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>What the states of its tasks make of a run.</summary>
internal sealed record RunStatus(StateType Type, string Message, bool HasPending, DateTimeOffset? NextStartTime)
{
    /// <summary>The status at a time: what is due by then counts as work that can run now.</summary>
    public static RunStatus Of(FlowPlan plan, State[] states, DateTimeOffset now)
    {
        var count = Count(plan, states, now);
        var total = states.Length;
        if (count.Ready > 0)
            return new(StateType.Pending, StateMessages.StillToRun(count.Unfinished, total), HasPending: true, null);
        if (count.Later > 0)
            return new(StateType.Scheduled, StateMessages.StillScheduled(count.Later, total), HasPending: true, count.NextStartTime);
        if (count.Unfinished > 0)
            return new(StateType.Paused, StateMessages.StillPaused(count.Paused, total), HasPending: false, null);
        if (count.Cancelled > 0)
            return new(StateType.Cancelled, StateMessages.SomeCancelled(count.Cancelled, total), HasPending: false, null);
        return OfFinished(plan, states);
    }

    // Prefect's FlowRunner.determine_final_state; the tasks that count are the reference tasks.
    private static RunStatus OfFinished(FlowPlan plan, State[] states)
    {
        var failed = false;
        var successful = true;
        for (var i = 0; i < states.Length; i++)
        {
            if (!plan.IsReference[i])
                continue;
            failed |= states[i].IsFailed;
            successful &= states[i].IsSuccessful;
        }

        return failed ? new(StateType.Failed, StateMessages.ReferencesFailed, HasPending: false, null)
            : new(StateType.Success, successful ? StateMessages.ReferencesSucceeded : StateMessages.NoReferenceFailed, HasPending: false, null);
    }

    private static Counts Count(FlowPlan plan, State[] states, DateTimeOffset now)
    {
        var counts = default(Counts);
        Wait[]? waits = null; // made when a task is found that others may have to wait for
        foreach (var task in plan.Order)
        {
            var state = states[task];
            if (state.Type == StateType.Cancelled)
                counts.Cancelled++;
            if (state.IsFinished)
                continue;

            counts.Unfinished++;
            var wait = OwnWait(state, now);
            if (wait == Wait.Paused)
                counts.Paused++;
            foreach (var upstream in waits is null ? [] : plan.UpstreamOf(task))
                wait = (Wait)Math.Max((int)wait, (int)waits![upstream]);
            if (wait == Wait.Later && state.IsDueAfter(now) && !(counts.NextStartTime < state.DueTime))
                counts.NextStartTime = state.DueTime;
            if (wait != Wait.None)
                (waits ??= new Wait[states.Length])[task] = wait;
            counts.Ready += wait == Wait.None ? 1 : 0;
            counts.Later += wait == Wait.Later ? 1 : 0;
        }

        return counts;
    }

    private static Wait OwnWait(State state, DateTimeOffset now) =>
        state.AwaitsApproval ? Wait.Paused : state.IsDueAfter(now) ? Wait.Later : Wait.None;

    // What an unfinished task waits for, the longer wait last.
    private enum Wait : byte
    {
        None,
        Later,
        Paused,
    }

    private struct Counts
    {
        public int Unfinished;
        public int Ready;
        public int Later;
        public int Paused;
        public int Cancelled;
        public DateTimeOffset? NextStartTime;
    }
}
