using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Steps of a test flow whose runs are on record.</summary>
internal static class RecordedFlowExtensions
{
    /// <summary>A store that no other test has.</summary>
    public static IFlowStore NewStore() => MemoryStore.Named(Guid.NewGuid().ToString("n"));

    /// <summary>What takes steps of so many tasks or so long, the cancelled ones reset.</summary>
    public static RecordedRuns Recorded(
        this TestFlow flow, int? maxTasks = null, FlowDurability? durability = null, bool reset = true, bool wait = false, int throttle = 0, TimeSpan? time = null)
    {
        var budget = new StepBudget { MaxTasks = maxTasks, Time = time, Wait = wait, Throttle = throttle > 0 ? new(throttle) : null };
        return new(
            flow.Flow,
            budget,
            (run, recorder, stop) => StepRunner.Run(
                run, budget, reset, throttle > 0 ? new ThreadPoolBodies() : null, recorder: recorder, cancellationToken: stop),
            durability);
    }

    public static FlowState Resume(this RecordedRuns runs) => runs.Resume(RunParameters.None, TestContext.Current.CancellationToken).Run;

    public static FlowState Step(this RecordedRuns runs, string runId) => runs.Step(runId, RunParameters.None, TestContext.Current.CancellationToken).Run;

    public static StepOutcome Step(this RecordedRuns runs, FlowState given) => runs.Step(given, TestContext.Current.CancellationToken);
}
