using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>The run's own state, derived from the states of its tasks.</summary>
internal sealed record RunStatus(StateType Type, string Message, bool HasPending, DateTimeOffset? NextStartTime)
{
    /// <summary>True if the run is over: nothing is left that this or a later step would run.</summary>
    public bool IsOver { get; init; }

    /// <summary>True if the run has ended and is being undone.</summary>
    public bool IsUndoing { get; init; }

    /// <summary>Status of the placeholder for the next scheduled run: there is nothing to resume.</summary>
    public static RunStatus NotDue(DateTimeOffset due) =>
        new(StateType.Scheduled, StateMessages.NotDue(due), HasPending: false, due) { IsOver = true };

    /// <summary>Computes the status at a time: tasks due by then can run now. With a selection, it covers only the selected tasks.</summary>
    /// <param name="plan">The flow's plan.</param>
    /// <param name="states">The task states.</param>
    /// <param name="settled">The tasks that have ended for good.</param>
    /// <param name="now">The time.</param>
    /// <param name="selected">The selected tasks; null for all.</param>
    /// <param name="deadline">Deadline of the run; null if none.</param>
    /// <param name="events">Pending events: a task that waits for one of them can run now.</param>
    public static RunStatus Of(
        FlowPlan plan, State[] states, SettledTasks settled, DateTimeOffset now, SelectedTasks? selected, IReadOnlyList<RunEvent> events, DateTimeOffset? deadline)
    {
        if (selected is null)
            return OfAll(plan, states, settled, now, selected, events, deadline);
        if (selected.Count == 0)
            return new(StateType.Pending, StateMessages.NoneSelected, HasPending: false, null);
        var status = OfAll(plan, states, settled, now, selected, events, deadline);
        return status with { Message = StateMessages.OfSelected(status.Message, selected.Count, states.Length) };
    }

    private static RunStatus OfAll(
        FlowPlan plan, State[] states, SettledTasks settled, DateTimeOffset now, SelectedTasks? selected, IReadOnlyList<RunEvent> events, DateTimeOffset? deadline)
    {
        var count = Count(plan, states, settled, now, selected, events);
        var total = count.Total;
        if (count.Ready > 0 || (count.Unfinished > 0 && deadline <= now))
            return new(StateType.Pending, StateMessages.StillToRun(count.Unfinished, total, count.Failed), HasPending: true, null);
        if (count.Later > 0)
        {
            var next = deadline < count.NextStartTime ? deadline : count.NextStartTime;
            return new(StateType.Scheduled, StateMessages.StillScheduled(count.Later, total, count.Failed), HasPending: true, next);
        }

        if (count.Unfinished > 0)
            return new(StateType.Paused, StateMessages.StillPaused(count.Paused, total, count.Failed, count.AwaitsEvents), HasPending: false, null);
        var cancelled = new RunStatus(StateType.Cancelled, StateMessages.SomeCancelled(count.Cancelled, total), HasPending: false, null);
        return count.CancelledByBudget > 0 && WaitsForBudget(plan, states, settled, selected)
            ? cancelled
            : OfFinished(plan, states, selected, count.Cancelled > 0 ? cancelled : null, deadline is not null) with { IsOver = true };
    }

    // A budget cancels everything that has not started. If tasks downstream of a cancelled one have ended, that task was no longer meant to run.
    private static bool WaitsForBudget(FlowPlan plan, State[] states, SettledTasks settled, SelectedTasks? selected)
    {
        foreach (var task in settled.Unsettled)
        {
            if (selected?.Has(task) == false)
                continue;
            if (states[task].Children is { } children ? Array.Exists(children, child => child.IsCancelledByBudget)
                : states[task].IsCancelledByBudget && !Array.Exists(plan.DownstreamOf(task), behind => states[behind] is { IsFinished: true, Type: not StateType.Cancelled }))
            {
                return true;
            }
        }

        return false;
    }

    // Prefect's FlowRunner.determine_final_state, over the reference tasks. The run is a Success only if all ended well.
    private static RunStatus OfFinished(FlowPlan plan, State[] states, SelectedTasks? selected, RunStatus? cancelled, bool hasTimeout)
    {
        var failed = false;
        var successful = true;
        for (var i = 0; i < states.Length; i++)
        {
            if (!(selected?.Decides(i) ?? plan.IsReference[i]))
                continue;
            failed |= states[i].IsFailed;
            successful &= states[i].IsSuccessful;
        }

        return hasTimeout && FindTimedOut(states, selected) is { } late ? new(StateType.Failed, late, HasPending: false, null)
            : failed ? new(StateType.Failed, StateMessages.ReferencesFailed, HasPending: false, null)
            : cancelled ?? new(StateType.Success, successful ? StateMessages.ReferencesSucceeded : StateMessages.NoReferenceFailed, HasPending: false, null);
    }

    // Message of a task ended by the run's timeout: then the run failed, whatever its reference tasks are.
    private static string? FindTimedOut(State[] states, SelectedTasks? selected)
    {
        for (var i = 0; i < states.Length; i++)
        {
            if (selected?.Has(i) != false && Array.Find(states[i].Children ?? [states[i]], state => state.Error?.Id == FlowErrorId.RunTimedOut) is { } late)
                return late.Message;
        }

        return null;
    }

    // With a selection, ended tasks are counted one by one.
    private static Counts Count(
        FlowPlan plan, State[] states, SettledTasks settled, DateTimeOffset now, SelectedTasks? selected, IReadOnlyList<RunEvent> events)
    {
        var counts = selected is not null ? default : new Counts { Total = settled.Count, Failed = settled.Failed, Cancelled = settled.Cancelled };
        Wait[]? waits = null; // allocated once a task is found that downstream tasks may wait for
        foreach (var task in selected is null ? settled.Unsettled : plan.Order)
        {
            if (selected?.Has(task) == false)
                continue;
            var upstream = Wait.None;
            foreach (var index in waits is null ? [] : plan.UpstreamOf(task))
                upstream = Longer(upstream, waits![index]);
            var wait = Count(states[task], upstream, now, events, ref counts);
            if (wait != Wait.None)
                (waits ??= new Wait[states.Length])[task] = wait;
        }

        return counts;
    }

    // Counts a task or its children; returns what its downstream tasks wait for.
    private static Wait Count(State state, Wait upstream, DateTimeOffset now, IReadOnlyList<RunEvent> events, ref Counts counts)
    {
        var longest = Wait.None;
        foreach (var child in state.Children ?? [])
            longest = Longer(longest, Count(child, upstream, now, events, ref counts));
        if (state.Children is not null)
            return longest;

        counts.Total++;
        if (state.Type == StateType.Cancelled)
            counts.Cancelled++;
        if (state.IsCancelledByBudget)
            counts.CancelledByBudget++;
        if (state.IsFailed)
            counts.Failed++;
        if (state.IsFinished)
            return Wait.None;

        var own = events.CanWake(state) ? Wait.None : OwnWait(state, now);
        var wait = Longer(own, upstream);
        counts.Unfinished++;
        counts.Paused += own == Wait.Paused ? 1 : 0;
        counts.AwaitsEvents |= own == Wait.Paused && state.Event is { IsWaiting: true };
        counts.Ready += wait == Wait.None ? 1 : 0;
        counts.Later += wait == Wait.Later ? 1 : 0;
        if (wait == Wait.Later && own == Wait.Later && !(counts.NextStartTime < state.DueTime))
            counts.NextStartTime = state.DueTime;
        return wait;
    }

    private static Wait Longer(Wait one, Wait other) => one > other ? one : other;

    private static Wait OwnWait(State state, DateTimeOffset now) =>
        state.AwaitsApproval ? Wait.Paused : state.IsDueAfter(now) ? Wait.Later : Wait.None;

    // What an unfinished task waits for, in ascending order.
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
        public int CancelledByBudget;
        public int Failed;
        public bool AwaitsEvents;
        public DateTimeOffset? NextStartTime;
    }
}
