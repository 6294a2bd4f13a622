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
        var total = count.Total;
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
            var upstream = Wait.None;
            foreach (var index in waits is null ? [] : plan.UpstreamOf(task))
                upstream = Longer(upstream, waits![index]);
            var wait = Count(states[task], upstream, now, ref counts);
            if (wait != Wait.None)
                (waits ??= new Wait[states.Length])[task] = wait;
        }

        return counts;
    }

    // Counts a task or, of a mapped one, its children; returns what a task behind it waits for.
    private static Wait Count(State state, Wait upstream, DateTimeOffset now, ref Counts counts)
    {
        var longest = Wait.None;
        foreach (var child in state.Children ?? [])
            longest = Longer(longest, Count(child, upstream, now, ref counts));
        if (state.Children is not null)
            return longest;

        counts.Total++;
        if (state.Type == StateType.Cancelled)
            counts.Cancelled++;
        if (state.IsFinished)
            return Wait.None;

        var own = OwnWait(state, now);
        var wait = Longer(own, upstream);
        counts.Unfinished++;
        counts.Paused += own == Wait.Paused ? 1 : 0;
        counts.Ready += wait == Wait.None ? 1 : 0;
        counts.Later += wait == Wait.Later ? 1 : 0;
        if (wait == Wait.Later && own == Wait.Later && !(counts.NextStartTime < state.DueTime))
            counts.NextStartTime = state.DueTime;
        return wait;
    }

    private static Wait Longer(Wait one, Wait other) => one > other ? one : other;

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
        public int Total;
        public int Unfinished;
        public int Ready;
        public int Later;
        public int Paused;
        public int Cancelled;
        public DateTimeOffset? NextStartTime;
    }
}
