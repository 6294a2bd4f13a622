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
        var budget = request.Budget with { Throttle = ThrottleParameter.Resolve(request.Run.Flow, throttle) };
        using var progress = ProgressWriter.For(cmdlet, request.Run.Flow, stop);
        using var pool = budget.Throttle is null ? null : new RunspaceBodyPool(cmdlet);
        return StepTaker.Take(request with { Budget = budget, Pool = pool, Observer = progress, Notices = new StepNotices(cmdlet) }, stop);
    }
}
