using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>
/// Concurrency slots of a store. Each slot is an object leased like a run: renewed while its body runs, free at once if its process is gone, else when
/// the lease expires. A step that loses a slot, or cannot renew it in time, is stopped as if its run was taken over.
/// </summary>
internal sealed class StorePlaces : ITagPlaces, IDisposable
{
    private readonly RunFiles _files;
    private readonly FlowServices _services;
    private readonly Action _stop;
    private readonly HashSet<HeldPlaces> _held = [];
    private readonly Dictionary<string, DateTimeOffset> _fullUntil = new(StringComparer.OrdinalIgnoreCase); // not tried again until then
    private volatile string? _lost;

    private StorePlaces(RunFiles files, FlowServices services, Dictionary<string, int> limits, Action stop)
    {
        _files = files;
        _services = services;
        _stop = stop;
        Limits = limits;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> Limits { get; }

    /// <inheritdoc/>
    public TimeSpan Interval => TimeSpan.FromTicks((long)(_services.Lease.PlaceInterval.Ticks * (0.75 + (_services.Chance() / 2))));

    /// <summary>Tag of a lost slot; null if none.</summary>
    public string? Lost => _lost;

    /// <summary>Opens the slots that a flow's tasks need.</summary>
    /// <param name="files">The store.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="stop">Stops the step.</param>
    /// <returns>The slots; null if no task needs any.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.LimitDiffers"/>: the stored limit differs. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static StorePlaces? Open(RunFiles files, Flow flow, Action stop) => Of(files, flow, stop, LimitObject.Ensure);

    /// <summary>Opens the slots for planning: writes nothing.</summary>
    /// <exception cref="FlowException">As for <see cref="Open"/>.</exception>
    public static StorePlaces? ToLook(RunFiles files, Flow flow) => Of(files, flow, () => { }, (store, tag, places) => LimitObject.Check(store, tag, places));

    /// <inheritdoc/>
    public bool AreFor(FlowTask task) => task.Tags.Count > 0 && TagsOf(task).Any();

    /// <inheritdoc/>
    public IHeldPlaces? TryTake(FlowTask task, out string? fullTag)
    {
        var held = new HeldPlaces(this);
        try
        {
            foreach (var tag in TagsOf(task))
            {
                if (TryTakeOne(tag) is { } lease)
                {
                    held.Leases.Add((tag, lease));
                    continue;
                }

                fullTag = tag;
                held.Dispose();
                return null;
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        fullTag = null;
        lock (_held)
            _held.Add(held);
        return held;
    }

    /// <inheritdoc/>
    public string? FindFull(FlowTask task)
    {
        var now = _services.Clock.GetUtcNow();
        return TagsOf(task).FirstOrDefault(tag => Enumerable.Range(0, Limits[tag]).All(place => Lease.Look(_files, LimitObject.PlaceOf(tag, place), now).IsHeld));
    }

    /// <summary>Ends the step's use of slots. Those of bodies that may still run are no longer renewed, and expire.</summary>
    public void Dispose()
    {
        lock (_held)
        {
            foreach (var (_, lease) in _held.SelectMany(held => held.Leases))
                lease.Abandon();
            _held.Clear();
        }
    }

    private static StorePlaces? Of(RunFiles files, Flow flow, Action stop, Action<RunFiles, string, int> check)
    {
        var limits = LimitsOf(flow);
        foreach (var limit in limits)
            check(files, limit.Key, limit.Value);
        return limits.Count == 0 ? null : new(files, flow.Services, limits, stop);
    }

    private static Dictionary<string, int> LimitsOf(Flow flow) => flow.ConcurrencyLimits.Count == 0
        ? new(StringComparer.OrdinalIgnoreCase)
        : flow.ConcurrencyLimits.Where(limit => flow.Plan.HasTag(limit.Key)).ToDictionary(limit => limit.Key, limit => limit.Value, StringComparer.OrdinalIgnoreCase);

    // A subflow's task leaves to its inner tasks the tags they have themselves. Sorted, so that no two tasks wait for each other's slots.
    private IEnumerable<string> TagsOf(FlowTask task) => task.Tags.Where(tag => Limits.ContainsKey(tag) && task.Subflow?.Plan.HasTag(tag) != true)
        .OrderBy(tag => tag, StringComparer.OrdinalIgnoreCase);

    // Free slots first; starting at a random one, to avoid contention.
    private Lease? TryTakeOne(string tag)
    {
        var now = _services.Clock.GetUtcNow();
        if (_fullUntil.TryGetValue(tag, out var until) && now < until)
            return null;
        var count = Limits[tag];
        var found = _files.List(LimitObject.FolderOf(tag));
        var taken = new HashSet<string>(found.Select(entry => entry.Path), StringComparer.Ordinal);
        var old = now - LeaseOptions.LongestDuration;
        _files.TryDelete([.. found.Where(entry => Lease.IsProbe(entry.Path) && entry.LastModified < old).Select(entry => entry.Path)]);
        var first = (int)(_services.Chance() * count);
        string[] places = [.. Enumerable.Range(first, count).Select(place => LimitObject.PlaceOf(tag, place % count))];
        foreach (var place in places.OrderBy(place => taken.Contains(place) ? 1 : 0))
        {
            if (Lease.TryTake(_files, place, _services, () => Lose(tag), endsInTime: true) is { } lease)
                return lease;
        }

        _fullUntil[tag] = now + TimeSpan.FromTicks(_services.Lease.PlaceInterval.Ticks / 2);
        return null;
    }

    private void Lose(string tag)
    {
        _lost ??= tag;
        _stop();
    }

    /// <summary>The slots of one body.</summary>
    private sealed class HeldPlaces(StorePlaces owner) : IHeldPlaces
    {
        public List<(string Tag, Lease Lease)> Leases { get; } = [];

        public void EnsureHeld()
        {
            if (Leases.Find(place => !place.Lease.IsHeld(mustRenew: false)) is (var tag, not null))
                owner.Lose(tag);
        }

        public void Dispose()
        {
            lock (owner._held)
                owner._held.Remove(this);
            foreach (var (tag, lease) in Leases)
            {
                lease.Dispose();
                owner._fullUntil.Remove(tag);
            }
        }
    }
}
