using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Steps of a test flow whose runs are on record.</summary>
internal static class RecordedFlowExtensions
{
    /// <summary>A store that no other test has.</summary>
    public static IFlowStore NewStore() => MemoryStore.Named(Guid.NewGuid().ToString("n"));

    /// <summary>Takes steps of so many tasks or so long, the cancelled ones reset.</summary>
    public static RecordedSteps Recorded(
        this TestFlow flow, int? maxTasks = null, FlowDurability? durability = null, bool reset = true, bool wait = false, int throttle = 0, TimeSpan? time = null)
    {
        var budget = new StepBudget { MaxTasks = maxTasks, Time = time, Wait = wait, Throttle = throttle > 0 ? new(throttle) : null };
        var pool = throttle > 0 ? new ThreadPoolBodies() : null;
        return new(flow.Flow, run => new(run) { Budget = budget, ResetCancelled = reset, Durability = durability, Pool = pool });
    }
}
