namespace PrefectPS.Flows;

/// <summary>Warns of concurrency limits without effect: only those of the root flow's store are enforced, not those of subflows' stores.</summary>
internal static class IgnoredLimits
{
    /// <summary>Returns a warning for each nested flow whose limits apply to its tasks but are not enforced by the root flow's store.</summary>
    public static IEnumerable<string> In(Flow flow) => In(flow, flow, []);

    private static IEnumerable<string> In(Flow root, Flow flow, HashSet<Flow> seen)
    {
        foreach (var task in flow.Plan.Subflows)
        {
            var inner = task.Subflow!;
            if (!seen.Add(inner))
                continue;
            string[] tags = [.. inner.ConcurrencyLimits.Keys.Where(tag => inner.Plan.HasTag(tag) && !Has(root, inner, tag)).OrderBy(tag => tag, StringComparer.OrdinalIgnoreCase)];
            if (tags.Length > 0)
            {
                yield return $"Flow '{inner.Name}', which task '{task.Slug}' runs, has a store that limits {string.Join(", ", tags.Select(tag => $"'{tag}'"))} "
                    + $"(New-FlowStore -ConcurrencyLimit). In a run of flow '{root.Name}', these limits do not apply. Use the store with these limits for flow '{root.Name}'.";
            }

            foreach (var warning in In(root, inner, seen))
                yield return warning;
        }
    }

    private static bool Has(Flow root, Flow inner, string tag) =>
        root.Store?.Address == inner.Store?.Address && root.ConcurrencyLimits.Any(limit => string.Equals(limit.Key, tag, StringComparison.OrdinalIgnoreCase));
}
