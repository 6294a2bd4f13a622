using System.Management.Automation;
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
    public static StepOutcome Take(PSCmdlet cmdlet, StepRequest request, object? throttle, CancellationToken stop)
    {
        var run = request.Run;
        var budget = request.Budget with { Throttle = ThrottleParameter.Resolve(run.Flow, throttle) };
        using var progress = ProgressWriter.For(cmdlet, run.Flow, stop);
        using var preferences = new GlobalPreferences(cmdlet.SessionState);
        using var prompts = new PromptGuard(cmdlet);
        var written = new RunStreams(cmdlet);
        var notices = new StepNotices(written);
        using var session = new StepSession(cmdlet, notices);
        var streams = new CallerStreams(cmdlet, written);
        using var own = new SessionStreams(cmdlet, streams);
        using var pool = budget.Throttle is null ? null : new RunspaceBodyPool(cmdlet, streams, session, notices, ScriptSettings.Of(run.Flow).Setup);
        FlowSetups.Run(run.Flow, budget.Throttle, session, pool, stop);
        return StepTaker.Take(
            request with { Budget = budget, Pool = pool, Observer = progress, Log = TaskLog.For(cmdlet, written), Notices = notices, Thread = new SessionThread() }, stop);
    }
}
