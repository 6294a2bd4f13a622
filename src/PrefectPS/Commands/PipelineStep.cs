using System.Management.Automation;
using PrefectPS.Cluster;
using PrefectPS.Progress;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Takes steps on the pipeline's thread, with its progress, its streams and a pool for bodies beside it.</summary>
internal static class PipelineStep
{
    /// <summary>Takes a step.</summary>
    /// <param name="cmdlet">The cmdlet whose pipeline it is.</param>
    /// <param name="request">What the cmdlet's parameters say of the step.</param>
    /// <param name="throttle">What -ThrottleLimit says.</param>
    /// <param name="stop">Stops it.</param>
    /// <param name="cluster">Where bodies run; null for in this process.</param>
    public static StepOutcome Take(PSCmdlet cmdlet, StepRequest request, object? throttle, CancellationToken stop, FlowCluster? cluster = null)
    {
        var run = request.Run;
        var budget = request.Budget with { Throttle = ThrottleParameter.Resolve(run.Flow, throttle, isElsewhere: cluster is not null) };
        using var progress = ProgressWriter.For(cmdlet, run.Flow, stop);
        using var preferences = new GlobalPreferences(cmdlet.SessionState);
        using var prompts = new PromptGuard(cmdlet);
        var written = new RunStreams(cmdlet);
        var notices = new StepNotices(written);
        using var session = new StepSession(cmdlet, notices);
        var streams = new CallerStreams(cmdlet, written);
        using var own = new SessionStreams(cmdlet, streams);
        var sight = new BodySight(cmdlet, session);
        request = request with { Budget = budget, Observer = progress, Log = TaskLog.For(cmdlet, written), Notices = notices, Thread = new SessionThread() };
#if !NETSTANDARD
        if (cluster is not null)
            return ClusterStep.Take(cmdlet, request, cluster, new(cmdlet, streams, sight, notices, cluster), written, stop);
#endif
        using var pool = budget.Throttle is null ? null : new RunspaceBodyPool(cmdlet, streams, sight, notices, ScriptSettings.Of(run.Flow).Setup);
        FlowSetups.Run(run.Flow, budget.Throttle, session, pool, stop);
        return StepTaker.Take(request with { Pool = pool }, stop);
    }
}
