namespace PrefectPS.Flows;

/// <summary>Warns of flows without tasks: their definition probably failed, yet a run of one succeeds at once.</summary>
public static class EmptyFlows
{
    /// <summary>Returns a warning for each empty flow, nested flows included.</summary>
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
