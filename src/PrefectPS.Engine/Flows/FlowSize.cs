namespace PrefectPS.Flows;

/// <summary>Number of tasks of a flow, nested flows included: the tasks a state document names before any mapping.</summary>
internal static class FlowSize
{
    /// <summary>Number of tasks; saturates at <see cref="int.MaxValue"/>.</summary>
    public static int Of(Flow flow) => Of(flow, []);

    /// <summary>Number of tasks that one task, or one child of a mapped task, contributes.</summary>
    public static int Of(FlowTask task) => task.Subflow is { } subflow ? Sum(1, Of(subflow)) : 1;

    // A flow may be the body of many tasks: visit each once.
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
