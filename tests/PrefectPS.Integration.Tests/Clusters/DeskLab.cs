using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A worker's desk without a cluster: this runs its bodies, which end when a test says so, and hears what a step would.</summary>
internal sealed class DeskLab : IBodyHost, ICoordinator
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IBodySink> _sinks = [];
    private readonly List<string> _told = [];

    /// <param name="places">How many bodies run at once.</param>
    /// <param name="patience">How long a body waits for a place.</param>
    public DeskLab(int places, TimeSpan patience)
    {
        Profile = new("here", 1, [new("flow", "1")], [], places, DateTimeOffset.UnixEpoch);
        Desk = new(this, new() { Patience = patience });
    }

    public WorkerDesk Desk { get; }

    public WorkerProfile Profile { get; }

    /// <summary>The bodies that have begun.</summary>
    public List<string> Begun { get; } = [];

    /// <summary>Those that have not ended.</summary>
    public List<string> Running { get; } = [];

    /// <summary>Sends a body.</summary>
    public AnswerKind Take(string name, bool mayWait = true, bool alone = false) =>
        Desk.Take(new(name, "run", $"key of {name}", "flow", "1", name, Content: [1], Location: null, alone, mayWait), this).Kind;

    /// <summary>A body returns.</summary>
    public void End(string name) => End(name, new(BodyEnd.Returned, default));

    /// <summary>What was told of a body, in order.</summary>
    public string[] ToldOf(string name)
    {
        lock (_gate)
            return [.. _told.Where(text => text.StartsWith($"{name} ", StringComparison.Ordinal)).Select(text => text[(name.Length + 1)..])];
    }

    /// <summary>Waits until a body is said to have ended.</summary>
    /// <returns>How.</returns>
    public async Task<string> EndOfAsync(string name)
    {
        while (ToldOf(name) is not [.., not "begins"])
            await Task.Delay(5, TestContext.Current.CancellationToken);
        return ToldOf(name)[^1];
    }

    public Task Tell(Told[] told)
    {
        lock (_gate)
            _told.AddRange(told.Select(each => $"{each.Delivery} {each.End?.ToString() ?? "begins"}"));
        return Task.CompletedTask;
    }

    public IDisposable Begin(FlowVersion flow, string label, string delivery, Parcel order, IBodySink sink)
    {
        Assert.NotNull(order.Content);
        Begun.Add(delivery);
        Running.Add(delivery);
        _sinks.Add(delivery, sink);
        return new Body(this, delivery);
    }

    void IBodyHost.Tell(string text, bool isDetail)
    {
    }

    private void End(string name, BodyReport report)
    {
        if (Running.Remove(name))
            _sinks[name].End(report);
    }

    private sealed class Body(DeskLab lab, string name) : IDisposable
    {
        public void Dispose() => lab.End(name, BodyReport.Stopped);
    }
}
