using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Steps of a test flow with recorded runs.</summary>
internal static class RecordedFlowExtensions
{
    /// <summary>Creates a store of this test only.</summary>
    public static IFlowStore NewStore() => MemoryStore.Named(Guid.NewGuid().ToString("n"));

    /// <summary>Folder of an existing run's record.</summary>
    public static IncarnationFolder Incarnation(this IFlowStore store, string runId = "run", string flow = "flow") => ExistingRun.Find(new(store), new(flow, runId))!.Folder;

    /// <summary>All runs in a store, asserting that none is damaged.</summary>
    public static IReadOnlyList<FlowRun> AllRuns(this IFlowStore store) => new RunIndex(new(store)).AllRuns(flow: null, fault => throw fault);

    /// <summary>Takes steps with a budget of tasks or time, resetting cancelled tasks.</summary>
    public static RecordedSteps Recorded(
        this TestFlow flow, int? maxTasks = null, FlowDurability? durability = null, bool reset = true, bool wait = false, int throttle = 0, TimeSpan? time = null)
    {
        var budget = new StepBudget { MaxTasks = maxTasks, Time = time, Wait = wait, Throttle = throttle > 0 ? new(throttle) : null };
        var pool = throttle > 0 ? new ThreadPoolBodies() : null;
        return new(flow.Flow, run => new(run) { Budget = budget, ResetCancelled = reset, Durability = durability, Pool = pool });
    }
}
