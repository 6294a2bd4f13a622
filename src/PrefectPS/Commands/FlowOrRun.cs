using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>A flow, or a run of one, that a cmdlet is to show.</summary>
internal static class FlowOrRun
{
    /// <summary>The given object; for a task with a subflow the subflow, and for its state the subflow run.</summary>
    /// <param name="given">A flow, a run, a recorded run, or a task of any of these.</param>
    /// <param name="warn">Takes what is to be said of a recorded run.</param>
    /// <param name="run">A run of the flow that was given; null for none.</param>
    /// <returns>The flow and, where there is one, the run.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowRequired"/> or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static (Flow Flow, FlowState? Run) Of(object given, Action<string> warn, FlowState? run = null)
    {
        var (flow, own) = PowerShellValues.Instance.Unwrap(given) switch
        {
            Flow one => (one, null),
            FlowState state => (state.Flow, state),
            FlowRun recorded => OnRecord(recorded, warn),
            FlowTask { Subflow: { } subflow } => (subflow, null),
            FlowTaskState { Subflow: { } subrun } => (subrun.Flow, subrun),
            FlowTaskState { Task.Subflow: { } subflow } => (subflow, null),
            var other => throw ModuleErrors.NoTasks(other),
        };
        if (run is not null && !ReferenceEquals(run.Flow, flow) && run.Flow.Plan.Fingerprint != flow.Plan.Fingerprint)
            throw ModuleErrors.RunOfAnotherFlow(flow, run);
        return (flow, run ?? own);
    }

    private static (Flow Flow, FlowState? Run) OnRecord(FlowRun recorded, Action<string> warn)
    {
        if (recorded.Definition is null)
            warn($"The dependencies of the tasks of run '{recorded.RunId}' are not known without its flow. 'Get-FlowRun -Flow' returns runs with their flow.");
        var run = RunOnRecord.Read(recorded, warn);
        return (run.Flow, run);
    }
}
