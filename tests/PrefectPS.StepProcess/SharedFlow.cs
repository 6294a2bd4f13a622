using PrefectPS.Caching;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.StepProcess;

/// <summary>
/// A flow whose results go to a target, into a cache, to a place of the run's own and into the record, with leases that end soon. Each process returns
/// other results.
/// </summary>
internal static class SharedFlow
{
    public const string Name = "shared";

    // So long that a batch is written before the next body begins.
    private static readonly TimeSpan BodyTime = TimeSpan.FromMilliseconds(300);

    /// <summary>The times of its leases.</summary>
    public static LeaseOptions Lease { get; } = new() { Duration = TimeSpan.FromSeconds(1), RenewalInterval = TimeSpan.FromMilliseconds(300) };

    /// <summary>The target of a run.</summary>
    public static string TargetOf(string runId) => $"targets/{runId}.json";

    /// <summary>The flow.</summary>
    /// <param name="store">Where its runs and results are.</param>
    /// <param name="runId">The run: no other has its target and cache entry.</param>
    /// <param name="process">What the results of this process say.</param>
    public static Flow Make(IFlowStore store, string runId, string process)
    {
        var flow = new Flow(Name, new FlowServices { Lease = Lease }, new() { Store = store });
        flow.Add(new("target", new Body($"target by {process}")) { Target = TargetOf(runId) });
        flow.Add(new("cached", new Body($"cached by {process}")) { After = ["target"], Cache = new CachePolicy(TimeSpan.FromDays(1)) { Key = runId } });
        flow.Add(new("own", new Body($"own by {process}")) { After = ["cached"] });
        flow.Add(new("inline", new Body($"inline by {process}")) { After = ["own"], Checkpoints = false });
        return flow;
    }

    private sealed class Body(string value) : ITaskBody
    {
        public string Source => "value";

        public object? Run(FlowContext context, TaskArguments arguments)
        {
            Thread.Sleep(BodyTime);
            return value;
        }
    }
}
