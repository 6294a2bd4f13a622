using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>A worker's executor without a cluster: the lab is its host and coordinator, and ends bodies on demand.</summary>
internal sealed class ExecutorLab : IBodyHost, ICoordinator
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IBodySink> _sinks = [];
    private readonly List<string> _updates = [];

    /// <param name="places">How many bodies run at once.</param>
    /// <param name="patience">How long a body waits for a place.</param>
    public ExecutorLab(int places, TimeSpan patience)
    {
        Profile = new("here", 1, [new("flow", "1")], [], places, DateTimeOffset.UnixEpoch);
        Executor = new(this, new() { Patience = patience });
    }

    public WorkerExecutor Executor { get; }

    public WorkerProfile Profile { get; }

    /// <summary>The started bodies.</summary>
    public List<string> Begun { get; } = [];

    /// <summary>The running bodies.</summary>
    public List<string> Running { get; } = [];

    /// <summary>Dispatches a body.</summary>
    public DispatchOutcome Dispatch(string name, bool mayWait = true, bool alone = false) =>
        Executor.Dispatch(new(name, "run", $"key of {name}", "flow", "1", name, Content: [1], Location: null, alone, mayWait), this).Kind;

    /// <summary>Ends a body.</summary>
    public void End(string name) => End(name, new(BodyEnd.Returned, default));

    /// <summary>A body's updates, in order.</summary>
    public string[] UpdatesOf(string name)
    {
        lock (_gate)
            return [.. _updates.Where(text => text.StartsWith($"{name} ", StringComparison.Ordinal)).Select(text => text[(name.Length + 1)..])];
    }

    /// <summary>Waits for a body's final update.</summary>
    /// <returns>How.</returns>
    public async Task<string> EndOfAsync(string name)
    {
        while (UpdatesOf(name) is not [.., not "begins"])
            await Task.Delay(5, TestContext.Current.CancellationToken);
        return UpdatesOf(name)[^1];
    }

    public Task Report(BodyUpdate[] updates)
    {
        lock (_gate)
            _updates.AddRange(updates.Select(each => $"{each.DispatchId} {each.End?.ToString() ?? "begins"}"));
        return Task.CompletedTask;
    }

    public IDisposable Begin(FlowVersion flow, string label, string dispatchId, Payload request, IBodySink sink)
    {
        Assert.NotNull(request.Content);
        Begun.Add(dispatchId);
        Running.Add(dispatchId);
        _sinks.Add(dispatchId, sink);
        return new Body(this, dispatchId);
    }

    void IBodyHost.Log(string text, bool isDetail)
    {
    }

    private void End(string name, BodyReport report)
    {
        if (Running.Remove(name))
            _sinks[name].End(report);
    }

    private sealed class Body(ExecutorLab lab, string name) : IDisposable
    {
        public void Dispose() => lab.End(name, BodyReport.Stopped);
    }
}
