using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>
/// Counts the tasks that have ended for good and lists the others by index, so that the cost of a step does not grow with finished work. Immutable; after
/// events, it is updated only for the changed tasks.
/// </summary>
internal sealed class SettledTasks
{
    private SettledTasks(int[] others, int count, int failed, int cancelled) => (Unsettled, Count, Failed, Cancelled) = (others, count, failed, cancelled);

    /// <summary>
    /// Indexes of the tasks that have not ended, in plan order. Includes tasks cancelled by a budget and, ended or not, mapped tasks and subflows. Do not
    /// modify.
    /// </summary>
    public int[] Unsettled { get; }

    /// <summary>Number of ended tasks.</summary>
    public int Count { get; }

    /// <summary>Number of failed tasks.</summary>
    public int Failed { get; }

    /// <summary>Number of Cancelled tasks.</summary>
    public int Cancelled { get; }

    /// <summary>The empty set of a new run.</summary>
    public static SettledTasks None(FlowPlan plan) => new(plan.Order, 0, 0, 0);

    /// <summary>Computes the set from scratch.</summary>
    /// <param name="plan">The flow's plan.</param>
    /// <param name="states">States by task index.</param>
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

    /// <summary>Updates the set after state changes.</summary>
    /// <param name="plan">The flow's plan.</param>
    /// <param name="before">The states this set was computed from.</param>
    /// <param name="after">The current states.</param>
    /// <param name="changed">The changed tasks; may contain others.</param>
    public SettledTasks After(FlowPlan plan, State[] before, State[] after, TaskSet changed)
    {
        var counts = new Counts { All = Count, Failed = Failed, Cancelled = Cancelled };
        var more = new List<int>(); // tasks that are unsettled again
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
            return counts.With(Unsettled);
        if (more.Count == 0)
            return counts.With(Array.FindAll(Unsettled, task => !IsSettled(after[task])));
        int[] others = [.. Array.FindAll(Unsettled, task => !IsSettled(after[task])), .. more];
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
