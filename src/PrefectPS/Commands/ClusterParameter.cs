using PrefectPS.Cluster;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What <c>-Cluster</c> is given: an address, or what New-FlowCluster returns.</summary>
internal static class ClusterParameter
{
    /// <summary>The cluster; null if nothing is given.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is none. <see cref="FlowErrorId.ClusterFailed"/>: this PowerShell is too old.</exception>
    public static FlowCluster? Resolve(object? given)
    {
        if (given is null)
            return null;
#if NETSTANDARD
        throw ModuleErrors.ClusterNeedsPowerShell7();
#else
        var cluster = PowerShellValues.Instance.Unwrap(given) as FlowCluster
            ?? FlowCluster.Of(PlainText.Of(given) is { } address && !string.IsNullOrWhiteSpace(address) ? address.Trim() : throw ModuleErrors.ClusterUnknown(given));
        Check(cluster);
        return cluster;
#endif
    }

#if !NETSTANDARD
    // Apart, so that the provider is loaded for a cluster alone.
    private static void Check(FlowCluster cluster) => Orleans.Clusters.Check(cluster);
#endif
}
