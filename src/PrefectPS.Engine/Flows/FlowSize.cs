namespace PrefectPS.Flows;

/// <summary>How many tasks a flow has, those of the flows inside it included: as many as its state document names before anything is mapped.</summary>
internal static class FlowSize
{
    /// <summary>The number; <see cref="int.MaxValue"/> for all that are larger.</summary>
    public static int Of(Flow flow) => Of(flow, []);

    /// <summary>The number of what a task stands for, or one of its children where it is mapped.</summary>
    public static int Of(FlowTask task) => task.Subflow is { } subflow ? Sum(1, Of(subflow)) : 1;

    // A flow may be the body of many tasks: each is looked at once.
    private static int Of(Flow flow, Dictionary<Flow, int> known)
    {
        if (known.TryGetValue(flow, out var size))
            return size;
        foreach (var task in flow.Tasks)
            size = Sum(size, task.Subflow is { } subflow ? Sum(1, Of(subflow, known)) : 1);
        return known[flow] = size;
    }

    private static int Sum(int one, int other) => (int)Math.Min((long)one + other, int.MaxValue);
}
