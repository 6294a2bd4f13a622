using System.Management.Automation;
using PrefectPS.Cluster;
using PrefectPS.Progress;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Runs steps on the pipeline thread, with progress, streams and a pool for bodies in separate runspaces.</summary>
internal static class PipelineStep
{
    /// <summary>Takes a step.</summary>
    /// <param name="cmdlet">The cmdlet whose pipeline it is.</param>
    /// <param name="request">The step request from the cmdlet's parameters.</param>
    /// <param name="throttle">The value of -ThrottleLimit.</param>
    /// <param name="stop">Stops it.</param>
    /// <param name="cluster">The cluster that runs bodies; null for this process.</param>
    /// <param name="format">The CI format.</param>
    public static StepOutcome Take(
        PSCmdlet cmdlet, StepRequest request, object? throttle, CancellationToken stop, FlowCluster? cluster = null, CIFormat format = CIFormat.None)
    {
        var budget = request.Budget with { Throttle = ThrottleParameter.Resolve(request.Run.Flow, throttle, isElsewhere: cluster is not null) };
        var written = new RunStreams(cmdlet);
        using var scope = new CIScope();
        using var log = scope.IsOutermost ? CILog.For(cmdlet, written, format, hasGroups: budget.Throttle is null) : null;
        var outcome = Run(cmdlet, request with { Budget = budget, Log = TransitionLogs.Of(TaskLog.For(cmdlet, written), log) }, written, cluster, stop);
        log?.Summarize(outcome.Run);
        return outcome;
    }

    private static StepOutcome Run(PSCmdlet cmdlet, StepRequest request, RunStreams written, FlowCluster? cluster, CancellationToken stop)
    {
        var run = request.Run;
        using var progress = ProgressWriter.For(cmdlet, run.Flow, stop);
        using var preferences = new GlobalPreferences(cmdlet.SessionState);
        using var prompts = new PromptGuard(cmdlet);
        var notices = new StepNotices(written);
        using var session = new StepSession(cmdlet, notices);
        var streams = new CallerStreams(cmdlet, written);
        using var own = new SessionStreams(cmdlet, streams);
        var variables = new BodyVariables(cmdlet, session);
        request = request with { Observer = progress, Notices = notices, Thread = new SessionThread() };
#if !NETSTANDARD
        if (cluster is not null)
            return ClusterStep.Take(cmdlet, request, cluster, new(cmdlet, streams, variables, notices, cluster), written, stop);
#endif
        using var pool = request.Budget.Throttle is null ? null : new RunspaceBodyPool(cmdlet, streams, variables, notices, ScriptSettings.Of(run.Flow).Setup);
        FlowSetups.Run(run.Flow, request.Budget.Throttle, session, pool, stop);
        return StepTaker.Take(request with { Pool = pool }, stop);
    }
}
