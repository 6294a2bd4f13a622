using System.Management.Automation;
using PrefectPS.Cluster;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the workers of a cluster.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowWorker")]
[OutputType(typeof(FlowWorker))]
public sealed class GetFlowWorkerCommand : FlowCmdlet
{
#if !NETSTANDARD
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
#endif

    /// <summary>The cluster: its address, or what New-FlowCluster returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public object Cluster { get; set; } = null!;

    /// <inheritdoc/>
    protected override void Process()
    {
        var cluster = ClusterParameter.Resolve(Cluster)!;
#if !NETSTANDARD
        WriteObject(Orleans.Clusters.ListAsync(cluster, Patience, _ => { }, StopToken).GetAwaiter().GetResult(), enumerateCollection: true);
#endif
    }
}
