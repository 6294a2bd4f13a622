using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// A renewed lease that keeps other steps from working on a run. Its age is measured by the store's clock only. Runs are safe without it: it only avoids
/// useless work.
/// </summary>
internal sealed class Lease : IDisposable
{
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(1); // some stores have timestamps in whole seconds
    private static readonly string Engine = $"{Guid.NewGuid():n}-"; // a process may load the engine twice
    private static readonly ConcurrentDictionary<string, string> Held = new(StringComparer.Ordinal); // holders in this engine

    private readonly RunFiles _files;
    private readonly string _path;
    private readonly Action _lost;
    private readonly bool _endsInTime;
    private readonly object _gate = new();
    private readonly FlowServices _services;
    private LeaseContent _content;
    private string _version;
    private Instant _confirmed;
    private ITimer? _timer;

    private Lease(RunFiles files, string path, FlowServices services, (LeaseContent Content, string Version, Instant Taken) taken, Action lost, bool endsInTime)
    {
        _files = files;
        _path = path;
        _services = services;
        (_content, _version, _confirmed) = taken;
        _lost = lost;
        _endsInTime = endsInTime;
    }

    /// <summary>The holder's id.</summary>
    public string Holder => _content.Holder;

    /// <summary>Previous holder, which never released it; null if it was free.</summary>
    public string? PreviousHolder { get; private init; }

    /// <summary>True if someone else holds it now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Acquires a lease that is free or whose holder is gone.</summary>
    /// <param name="files">The store.</param>
    /// <param name="path">Path of the lease.</param>
    /// <param name="services">Lease options and clock.</param>
    /// <param name="lost">Called when the lease is found to be lost.</param>
    /// <param name="appliesRequests">Whether it is held only briefly, to apply requests.</param>
    /// <param name="endsInTime">
    /// Whether it also counts as lost once it could not be renewed in time, even if nobody else took it: nothing else keeps two holders apart.
    /// </param>
    /// <returns>The lease; null if someone else holds it.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static Lease? TryTake(RunFiles files, string path, FlowServices services, Action lost, bool appliesRequests = false, bool endsInTime = false)
    {
        var times = services.Lease;
        var content = new LeaseContent(Engine + services.NewId(), ProcessIdentity.Current, times.Duration, Renewals: 0) { Applies = appliesRequests };
        Held[content.Holder] = content.Holder;
        var begun = Instant.Now(services.Clock);
        string? version = null;
        string? former = null;
        try
        {
            version = TryTake(files, path, content, out former);
        }
        finally
        {
            if (version is null)
                Held.TryRemove(content.Holder, out _);
        }

        if (version is null)
            return null;
        var lease = new Lease(files, path, services, (content, version, begun), lost, endsInTime) { PreviousHolder = former };
        lease._timer = services.Clock.CreateTimer(_ => lease.Renew(), null, times.RenewalInterval, times.RenewalInterval);
        return lease;
    }

    /// <summary>
    /// True if this holder still has the lease as of its last confirmed renewal; renews it if that is older than the renewal interval. Reading alone
    /// would not suffice: an expired lease can be taken right afterwards.
    /// </summary>
    /// <param name="mustRenew">Whether to renew it in any case.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool IsHeld(bool mustRenew)
    {
        lock (_gate)
        {
            EndInTime(_services.Lease.Duration);
            if (IsLost || (!mustRenew && !_confirmed.IsOlderThan(_services.Lease.RenewalInterval, _services.Clock)))
                return !IsLost;
            IsLost = !TryRenew();
            return !IsLost;
        }
    }

    /// <summary>True if a lease is held to apply requests, or was just released.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static bool IsForRequests(RunFiles files, string path) => files.Read(path) is not { } found || TryRead(found.Content) is { Applies: true };

    /// <summary>True if a step of this process holds the lease, such as the calling one.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static bool IsOwn(RunFiles files, string path) =>
        files.Read(path) is { } found && TryRead(found.Content) is { Applies: false } content && Held.ContainsKey(content.Holder);

    /// <summary>Reads a lease without writing: when it was renewed, and whether it is held, as far as the local and the store's clock agree.</summary>
    /// <param name="files">The store.</param>
    /// <param name="path">Path of the lease.</param>
    /// <param name="now">The local time.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static (DateTimeOffset? Renewed, bool IsHeld) Look(RunFiles files, string path, DateTimeOffset now)
    {
        if (files.List(path).FirstOrDefault(entry => entry.Path == path) is not { } entry || files.Read(path) is not { } found)
            return (null, IsHeld: false);
        var content = TryRead(found.Content);
        return (entry.LastModified, IsHeld: !(content is not null && IsHolderGone(content)) && now - entry.LastModified <= DurationOf(content) + ClockGrain);
    }

    /// <summary>Releases the lease. If that fails it expires, and counts as free for this process at once.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            Held.TryRemove(Holder, out _);
            if (IsLost)
                return;
            try
            {
                Release();
            }
            catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.StoreConflict)
            {
            }
        }
    }

    /// <summary>Stops renewing the lease, which expires or ends with this process: what ran under it may still be running.</summary>
    public void Abandon() => _timer?.Dispose();

    private static string? TryTake(RunFiles files, string path, LeaseContent content, out string? former)
    {
        former = null;
        if (TryWrite(files, path, content, WriteCondition.IfAbsent) is { } version)
            return version;
        if (files.Read(path) is not { } found)
            return TryWrite(files, path, content, WriteCondition.IfAbsent); // just released
        if (!IsFree(files, path, found))
            return null;
        former = TryRead(found.Content)?.Holder;
        return TryWrite(files, path, content, WriteCondition.IfVersion(found.Version));
    }

    private static string? TryWrite(RunFiles files, string path, LeaseContent content, WriteCondition condition) =>
        TryWrite(files, path, content.ToBytes(), condition);

    private static string? TryWrite(RunFiles files, string path, byte[] content, WriteCondition condition)
    {
        try
        {
            return files.WriteOwn(path, content, condition);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return null;
        }
    }

    private static bool IsFree(RunFiles files, string path, (byte[] Content, string Version) found)
    {
        var content = TryRead(found.Content);
        if (content is not null && IsHolderGone(content))
            return true;
        if (AgeOf(files, path) is not { } age)
            return true;
        if (age < -ClockGrain)
        {
            DateAnew(files, path, found);
            return false;
        }

        return age > DurationOf(content) + ClockGrain;
    }

    private static bool IsHolderGone(LeaseContent content) =>
        content.Process.IsGone() || (content.Holder.StartsWith(Engine, StringComparison.Ordinal) && !Held.ContainsKey(content.Holder));

    // No holder writes a duration of hours: the number is damaged, or from other software.
    private static TimeSpan DurationOf(LeaseContent? content) =>
        content is null ? LeaseOptions.Default.Duration
        : content.Duration < LeaseOptions.LongestDuration ? content.Duration
        : LeaseOptions.LongestDuration;

    // An unreadable lease has no holder to check: only its age counts.
    private static LeaseContent? TryRead(byte[] content)
    {
        try
        {
            return LeaseContent.Read(content);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StateInvalid)
        {
            return null;
        }
    }

    // The lease was written while the store's clock was ahead, and would not expire before that time. Rewriting the same content restarts its duration;
    // a live holder renews as before, and a release or takeover makes this write a conflict.
    private static void DateAnew(RunFiles files, string path, (byte[] Content, string Version) found) =>
        TryWrite(files, path, found.Content, WriteCondition.IfVersion(found.Version));

    /// <summary>True if an object is a probe, written beside a lease to learn the store's time and left by a process that died.</summary>
    public static bool IsProbe(string path) => path.IndexOf($"{RunLocation.Extension}.", StringComparison.Ordinal) > 0;

    // Null if the lease is gone. The probe is written to learn the store's time; zero if a removal deleted it.
    private static TimeSpan? AgeOf(RunFiles files, string path)
    {
        var probe = $"{path}.{Guid.NewGuid():n}";
        files.Write(probe, []);
        try
        {
            var entries = files.List(path);
            if (entries.FirstOrDefault(entry => entry.Path == path) is not { } lease)
                return null;
            return entries.FirstOrDefault(entry => entry.Path == probe) is { } now ? now.LastModified - lease.LastModified : TimeSpan.Zero;
        }
        finally
        {
            files.TryDelete([probe]);
        }
    }

    private void Release()
    {
        try
        {
            Delete();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            if (TryFindAgain())
                Delete();
        }
    }

    private void Delete() => _files.Store.DeleteAsync(_path, _version, CancellationToken.None).Wait();

    // Skips renewals that become due during a slow one: they would only block threads.
    private void Renew()
    {
        if (!Monitor.TryEnter(_gate))
        {
            EndInTime(BeforeEnd);
            return;
        }

        try
        {
            EndInTime(_services.Lease.Duration);
            if (!IsLost && Held.ContainsKey(Holder))
                RenewNow();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
        {
            EndInTime(BeforeEnd); // retried; if it expires and someone takes it, the next write fails
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    // Age at which it would expire before the next renewal.
    private TimeSpan BeforeEnd => _services.Lease.Duration - _services.Lease.RenewalInterval;

    private void EndInTime(TimeSpan age)
    {
        if (!_endsInTime || IsLost || !Held.ContainsKey(Holder) || !_confirmed.IsOlderThan(age, _services.Clock))
            return;
        IsLost = true;
        _lost();
    }

    private void RenewNow()
    {
        if (TryRenew())
            return;
        IsLost = true;
        _lost();
    }

    private bool TryRenew()
    {
        var next = _content with { Renewals = _content.Renewals + 1 };
        var begun = Instant.Now(_services.Clock);
        if (TryWrite(_files, _path, next, WriteCondition.IfVersion(_version)) is not { } version)
            return TryFindAgain();
        (_version, _content, _confirmed) = (version, next, begun);
        return true;
    }

    // The version differs if the response of a renewal was lost, or someone restarted the duration; the holder does not.
    private bool TryFindAgain()
    {
        if (_files.Read(_path) is not { } found || TryRead(found.Content) is not { } content || content.Holder != Holder)
            return false;
        (_version, _content) = (found.Version, content);
        return true;
    }
}
