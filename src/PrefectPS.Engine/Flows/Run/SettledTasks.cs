using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// The tasks of a run that have ended for good, as numbers, and the others, by their index: what a step has to look at does not grow with what is finished.
/// Immutable; a run that events have changed has that of the run before, but for the tasks that they are of.
/// </summary>
internal sealed class SettledTasks
{
    private SettledTasks(int[] others, int count, int failed, int cancelled) => (Others, Count, Failed, Cancelled) = (others, count, failed, cancelled);

    /// <summary>
    /// The indexes of those that have not ended, in the plan's order: among them those that a budget has cancelled and, ended or not, those that have
    /// children or are a flow. Not to be written to.
    /// </summary>
    public int[] Others { get; }

    /// <summary>How many have ended.</summary>
    public int Count { get; }

    /// <summary>How many of them have failed.</summary>
    public int Failed { get; }

    /// <summary>How many of them are Cancelled.</summary>
    public int Cancelled { get; }

    /// <summary>Those of a run that nothing of has run yet.</summary>
    public static SettledTasks None(FlowPlan plan) => new(plan.Order, 0, 0, 0);

    /// <summary>Those of a run.</summary>
    /// <param name="plan">The flow's plan.</param>
    /// <param name="states">The states, by the tasks' index.</param>
    public static SettledTasks Of(FlowPlan plan, State[] states)
    {
        var counts = default(Counts);
        foreach (var state in states)
            counts.Add(state, 1);
        var others = new int[states.Length - counts.All];
        var next = 0;
        foreach (var task in counts.All == states.Length ? [] : plan.Order)
        {
            if (!IsSettled(states[task]))
                others[next++] = task;
        }

        return counts.With(others);
    }

    /// <summary>Those of the run after some of its states have changed.</summary>
    /// <param name="plan">The flow's plan.</param>
    /// <param name="before">The states that this is of.</param>
    /// <param name="after">The states as they are now.</param>
    /// <param name="changed">The tasks whose states have changed, and perhaps others.</param>
    public SettledTasks After(FlowPlan plan, State[] before, State[] after, TaskSet changed)
    {
        var counts = new Counts { All = Count, Failed = Failed, Cancelled = Cancelled };
        var more = new List<int>(); // those that had ended, and have not any more
        var ended = false;
        foreach (var task in changed.Tasks())
        {
            counts.Add(before[task], -1);
            counts.Add(after[task], 1);
            ended |= IsSettled(after[task]);
            if (IsSettled(before[task]) && !IsSettled(after[task]))
                more.Add(task);
        }

        if (!ended && more.Count == 0)
            return counts.With(Others);
        if (more.Count == 0)
            return counts.With(Array.FindAll(Others, task => !IsSettled(after[task])));
        int[] others = [.. Array.FindAll(Others, task => !IsSettled(after[task])), .. more];
        Array.Sort(Array.ConvertAll(others, plan.PositionOf), others);
        return counts.With(others);
    }

    private static bool IsSettled(State state) => state.Children is null && state.SubflowRun is null && state.IsFinished && !state.IsCancelledByBudget;

    private struct Counts
    {
        public int All;
        public int Failed;
        public int Cancelled;

        public void Add(State state, int sign)
        {
            if (!IsSettled(state))
                return;
            All += sign;
            if (state.Type.IsFailed())
                Failed += sign;
            if (state.Type == StateType.Cancelled)
                Cancelled += sign;
        }

        public readonly SettledTasks With(int[] others) => new(others, All, Failed, Cancelled);
    }
}
