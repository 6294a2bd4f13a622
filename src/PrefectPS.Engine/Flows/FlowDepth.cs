namespace PrefectPS.Flows;

/// <summary>Nesting depth of flows.</summary>
internal static class FlowDepth
{
    /// <summary>Depth of a flow: 1 if no task runs a flow.</summary>
    public static int Of(Flow flow) => Of(flow, []);

    // A flow may be the body of many tasks: visit each once.
    private static int Of(Flow flow, Dictionary<Flow, int> known)
    {
        if (known.TryGetValue(flow, out var depth))
            return depth;
        var deepest = 0;
        foreach (var task in flow.Tasks)
        {
            if (task.Subflow is { } subflow)
                deepest = Math.Max(deepest, Of(subflow, known));
        }

        return known[flow] = deepest + 1;
    }
}
