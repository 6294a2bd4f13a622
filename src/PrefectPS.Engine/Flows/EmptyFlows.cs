namespace PrefectPS.Flows;

/// <summary>Finds flows without tasks: what was to define them did not, and whoever runs them is told that all went well.</summary>
internal static class EmptyFlows
{
    /// <summary>A warning for each flow without tasks: the flow itself, and those inside it.</summary>
    public static IEnumerable<string> In(Flow flow) => In(flow, null, []);

    private static IEnumerable<string> In(Flow flow, FlowTask? owner, HashSet<Flow> seen)
    {
        if (!seen.Add(flow))
            yield break;
        if (flow.Plan.Tasks.Length == 0)
        {
            yield return owner is null ? $"Flow '{flow.Name}' has no tasks, so a run of it is immediately Success."
                : $"Flow '{flow.Name}', which task '{owner.Slug}' runs, has no tasks: the task is Success at once.";
        }

        foreach (var task in flow.Plan.Subflows)
        {
            foreach (var warning in In(task.Subflow!, task, seen))
                yield return warning;
        }
    }
}
