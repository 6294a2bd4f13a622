using Orleans.Runtime;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>The workers that a step knows, and the choice among them. Guarded by the lock of <see cref="Assignments"/>.</summary>
/// <param name="flow">The flow that is run.</param>
internal sealed class WorkerList(FlowVersion flow)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<SiloAddress, WorkerLink> _links = [];
    private readonly HashSet<string> _served = new(StringComparer.OrdinalIgnoreCase); // tags that any worker serves or served; tasks with one run only there

    private long _version;
    private long _versionSeenAt;

    public IEnumerable<WorkerLink> All => _links.Values;

    /// <summary>Applies a worker's view of the cluster.</summary>
    /// <returns>The workers that left.</returns>
    public List<WorkerLink> See(ClusterView seen)
    {
        var isOld = IsOld(seen.Version);
        foreach (var worker in seen.Workers)
        {
            if (!_links.TryGetValue(worker.Silo, out var link))
            {
                if (isOld)
                    continue;
                _links.Add(worker.Silo, link = new(worker.Silo));
            }

            if (worker.Status is not { } description)
                continue;
            link.See(description);
            _served.UnionWith(link.Profile!.Tags);
            if (!link.Profile.Flows.Contains(flow))
                link.Refusal = link.Profile.Flows.Any(other => other.Name == flow.Name) ? $"{link} has another version of flow '{flow.Name}'" : $"{link} has no flow '{flow.Name}'";
        }

        if (isOld)
            return [];
        var gone = _links.Values.Where(link => Array.TrueForAll(seen.Workers, worker => !worker.Silo.Equals(link.Silo))).ToList();
        foreach (var link in gone)
            _links.Remove(link.Silo);
        return gone;
    }

    /// <summary>Picks the worker with the most free places for a task, else the one with the most room; null for none.</summary>
    public WorkerLink? FreeFor(FlowTask task) => _links.Values.Where(link => link.Room > 0 && Serves(link, task)).MaxBy(link => (link.Free, link.Room));

    /// <summary>Picks an idle worker for a body that must run alone; where there is none, reserves one.</summary>
    public WorkerLink? IdleFor(RemoteBody body)
    {
        var fit = _links.Values.Where(link => link.Profile is not null && !link.IsLeaving && link.Refusal is null && Serves(link, body.Task)).ToArray();
        var unclaimed = fit.Where(link => link.WaitsFor is null).ToArray();
        var reserved = Array.Find(fit, link => link.WaitsFor == body);
        var link = reserved is { IsIdle: true } ? reserved : Array.Find(unclaimed, link => link.IsIdle) ?? reserved ?? unclaimed.MinBy(link => link.Bodies.Count);
        if (link is null)
            return null;
        if (reserved is not null)
            reserved.WaitsFor = null;
        link.WaitsFor = body;
        return link.Bodies.Count == 0 && Environment.TickCount64 >= link.NextTry ? link : null; // even a busy worker is asked: it then accepts no other bodies
    }

    /// <summary>Cancels the reservation for a body.</summary>
    public void Release(RemoteBody body)
    {
        foreach (var link in _links.Values)
        {
            if (link.WaitsFor == body)
                link.WaitsFor = null;
        }
    }

    /// <summary>True if a task's body would get a place besides the waiting bodies that compete for it.</summary>
    public bool HasPlaceFor(FlowTask task, IEnumerable<RemoteBody> waiting)
    {
        var fit = _links.Values.Where(link => link.Room > 0 && Serves(link, task)).ToArray();
        return fit.Length > 0 && fit.Sum(link => link.Room) > waiting.Count(body => Array.Exists(fit, link => Serves(link, body.Task)));
    }

    /// <summary>Why no worker can run a task, for a person; null where one can.</summary>
    public string? ReasonAgainst(FlowTask task)
    {
        if (_links.Count == 0)
            return "there is no worker";
        var known = _links.Values.Where(link => link.Profile is not null).ToArray();
        if (known.Length == 0)
            return "no worker answers";
        if (Array.Exists(known, link => link.Refusal is null && !link.IsLeaving && Serves(link, task)))
            return null;
        if (Array.Exists(known, link => link.Refusal is null && !link.IsLeaving))
            return $"no worker serves its tag {string.Join(", ", task.Tags.Where(_served.Contains).Select(tag => $"'{tag}'"))}";
        return string.Join("; ", known.Select(link => link.Refusal ?? $"{link} leaves the cluster"));
    }

    // A worker cut off from the cluster misses workers that joined since, and its own death. A lower version persisting for a while means that the cluster was started
    // anew.
    private bool IsOld(long version)
    {
        var now = Environment.TickCount64;
        if (version < _version && now - _versionSeenAt < Memory.TotalMilliseconds)
            return true;
        (_version, _versionSeenAt) = (version, now);
        return false;
    }

    private bool Serves(WorkerLink link, FlowTask task)
    {
        foreach (var tag in task.Tags)
        {
            if (_served.Contains(tag) && !link.Profile!.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }
}
