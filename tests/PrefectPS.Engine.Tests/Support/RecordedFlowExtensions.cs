using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Steps of a test flow whose runs are on record.</summary>
internal static class RecordedFlowExtensions
{
    /// <summary>A store that no other test has.</summary>
    public static IFlowStore NewStore() => MemoryStore.Named(Guid.NewGuid().ToString("n"));

    /// <summary>Where a run that exists keeps its record.</summary>
    public static IncarnationFolder Incarnation(this IFlowStore store, string runId = "run", string flow = "flow") => ExistingRun.Find(new(store), new(flow, runId))!.Folder;

    /// <summary>All runs in a store, none of which is damaged.</summary>
    public static IReadOnlyList<FlowRun> AllRuns(this IFlowStore store) => new RunIndex(new(store)).AllRuns(flow: null, fault => throw fault);

    /// <summary>Takes steps of so many tasks or so long, the cancelled ones reset.</summary>
    public static RecordedSteps Recorded(
        this TestFlow flow, int? maxTasks = null, FlowDurability? durability = null, bool reset = true, bool wait = false, int throttle = 0, TimeSpan? time = null)
    {
        var budget = new StepBudget { MaxTasks = maxTasks, Time = time, Wait = wait, Throttle = throttle > 0 ? new(throttle) : null };
        var pool = throttle > 0 ? new ThreadPoolBodies() : null;
        return new(flow.Flow, run => new(run) { Budget = budget, ResetCancelled = reset, Durability = durability, Pool = pool });
    }
}
