using System.Collections.Concurrent;
using System.Management.Automation;
using PrefectPS.Commands;
using PrefectPS.Orleans;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>Runs steps whose bodies run on the workers of a cluster.</summary>
internal static class ClusterStep
{
    /// <summary>Takes a step.</summary>
    public static StepOutcome Take(PSCmdlet cmdlet, StepRequest request, FlowCluster cluster, BodyMarshaler marshaler, RunStreams streams, CancellationToken stop)
    {
        using var pool = Clusters.Connect(cluster, request.Run.Flow, marshaler, _ => { });
        pool.Warn = request.Notices.Warn;
        var outcome = StepTaker.Take(request with { Pool = pool }, stop);
        pool.AcknowledgeAll();
        if (pool.Failure is { } ended)
            streams.WriteError(ErrorRecords.From(ended));
        return outcome;
    }
}
