using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Progress;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>A step on the pipeline's thread, its bodies where they belong.</summary>
internal static class PipelineStep
{
    /// <summary>Runs a step.</summary>
    /// <param name="cmdlet">The cmdlet whose pipeline it is.</param>
    /// <param name="run">The run.</param>
    /// <param name="budget">What ends the step.</param>
    /// <param name="throttle">What -ThrottleLimit says.</param>
    /// <param name="resets">Whether Cancelled tasks become Pending, before the step and after it.</param>
    /// <param name="recorder">Told of what the step does, for the record; null where there is none.</param>
    /// <param name="stop">Stops it.</param>
    public static FlowState Run(
        PSCmdlet cmdlet, FlowState run, StepBudget budget, object? throttle, bool resets, IRunRecorder? recorder, CancellationToken stop)
    {
        budget = budget with { Throttle = ThrottleParameter.Resolve(run.Flow, throttle) };
        using var progress = ProgressWriter.For(cmdlet, run.Flow, stop);
        using var pool = budget.Throttle is null ? null : new RunspaceBodyPool(cmdlet);
        return StepRunner.Run(run, budget, resets, pool, progress, new StepNotices(cmdlet), recorder, stop);
    }
}
