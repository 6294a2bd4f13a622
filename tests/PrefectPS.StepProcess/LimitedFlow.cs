using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.StepProcess;

/// <summary>A flow of short bodies under a concurrency limit of its store, across processes.</summary>
internal static class LimitedFlow
{
    /// <summary>How many bodies it has.</summary>
    public const int BodyCount = 25;

    /// <summary>How many may run at a time.</summary>
    public const int Places = 2;

    private const int MaxKills = 100;
    private static readonly TimeSpan BodyTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The times of its leases: long beside what a busy machine keeps a process from running, and short beside a suspension.</summary>
    public static LeaseOptions Lease { get; } = new()
    {
        Duration = TimeSpan.FromSeconds(3),
        RenewalInterval = TimeSpan.FromMilliseconds(400),
        PlaceInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>The flow.</summary>
    /// <param name="store">Where its runs are.</param>
    /// <param name="log">Where its bodies say that they have their place.</param>
    public static Flow Make(IFlowStore store, PlaceLog? log)
    {
        var flow = new Flow("limited", new FlowServices { Lease = Lease }, new()
        {
            Store = store,
            MaxCrashes = MaxKills,
            ConcurrencyLimits = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["few"] = Places },
        });
        for (var i = 0; i < BodyCount; i++)
            flow.Add(new($"t{i}", new Body($"t{i}", log)) { Tags = ["few"] });
        return flow;
    }

    private sealed class Body(string slug, PlaceLog? log) : ITaskBody
    {
        public string Source => slug;

        public object? Run(FlowContext context, TaskArguments arguments)
        {
            log!.Hold(slug, BodyTime, context.CancellationToken);
            return slug;
        }
    }
}
