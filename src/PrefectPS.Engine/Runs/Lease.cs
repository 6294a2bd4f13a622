using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Keeps others from working on a run. Its age is measured by the store's clock alone; it is renewed until it is released.
/// A run is safe without it: it is there so that nobody starts in vain.
/// </summary>
internal sealed class Lease : IDisposable
{
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(1); // some stores tell times in whole seconds
    private static readonly string Engine = $"{Guid.NewGuid():n}-"; // a process may have loaded the engine twice
    private static readonly ConcurrentDictionary<string, string> Held = new(StringComparer.Ordinal); // by this engine, by holder

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

    /// <summary>Who holds it.</summary>
    public string Holder => _content.Holder;

    /// <summary>Who held it before, and never gave it back; null if it was free.</summary>
    public string? PreviousHolder { get; private init; }

    /// <summary>True if someone else has it now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Takes a lease that is free, or whose holder is gone.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="services">Its times, and the clock that says when it is to be renewed.</param>
    /// <param name="lost">Called when someone else is found to have it.</param>
    /// <param name="appliesRequests">Whether it is held for a moment only, to apply requests.</param>
    /// <param name="endsInTime">
    /// Whether it is lost as well once it could not be renewed in time, whoever has it then: nothing else keeps its holder from doing what another does.
    /// </param>
    /// <returns>The lease; null if someone else holds it, and nothing was changed.</returns>
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
    /// True if this holder still has it, as far as its last confirmed renewal tells; where that is older than the renewal interval, it is renewed now. To look alone would
    /// not be enough: one that has ended can be taken right after.
    /// </summary>
    /// <param name="mustRenew">Whether it is renewed in any case.</param>
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

    /// <summary>True if a lease is held to apply requests, or was released meanwhile.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static bool IsForRequests(RunFiles files, string path) => files.Read(path) is not { } found || TryRead(found.Content) is { Applies: true };

    /// <summary>True if a step of this process holds it, such as the one in which this is asked.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static bool IsOwn(RunFiles files, string path) =>
        files.Read(path) is { } found && TryRead(found.Content) is { Applies: false } content && Held.ContainsKey(content.Holder);

    /// <summary>Looks at a lease and writes nothing: when it was renewed, and whether it is held, as far as the clocks here and there agree.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="now">The time here.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static (DateTimeOffset? Renewed, bool IsHeld) Look(RunFiles files, string path, DateTimeOffset now)
    {
        if (files.List(path).FirstOrDefault(entry => entry.Path == path) is not { } entry || files.Read(path) is not { } found)
            return (null, IsHeld: false);
        var content = TryRead(found.Content);
        return (entry.LastModified, IsHeld: !(content is not null && IsHolderGone(content)) && now - entry.LastModified <= DurationOf(content) + ClockGrain);
    }

    /// <summary>Lets others have it. Where that fails it ends by itself, and for this process at once.</summary>
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

    /// <summary>It is not renewed any more, and ends by itself, or with this process: what was done under it may not have ended.</summary>
    public void Abandon() => _timer?.Dispose();

    private static string? TryTake(RunFiles files, string path, LeaseContent content, out string? former)
    {
        former = null;
        if (TryWrite(files, path, content, WriteCondition.IfAbsent) is { } version)
            return version;
        if (files.Read(path) is not { } found)
            return TryWrite(files, path, content, WriteCondition.IfAbsent); // it was released just now
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

    // Nobody who holds one for hours has written that down: the number is damaged, or of another program.
    private static TimeSpan DurationOf(LeaseContent? content) =>
        content is null ? LeaseOptions.Default.Duration
        : content.Duration < LeaseOptions.LongestDuration ? content.Duration
        : LeaseOptions.LongestDuration;

    // What cannot be read names no holder who could be asked for: it counts by its age alone.
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

    // It was written while the store's clock was ahead, and would not grow old before that time has come. The same content, written now, has its whole
    // duration to go; a holder that lives renews it as before, and one that has released it or been followed meanwhile makes this a conflict.
    private static void DateAnew(RunFiles files, string path, (byte[] Content, string Version) found) =>
        TryWrite(files, path, found.Content, WriteCondition.IfVersion(found.Version));

    /// <summary>True if an object was written beside a lease to learn the store's time, and left there by a process that died.</summary>
    public static bool IsProbe(string path) => path.IndexOf($"{RunLocation.Extension}.", StringComparison.Ordinal) > 0;

    // Null if it is gone. The probe is written to learn what time it is for the store; where a removal has deleted it, that is not known.
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

    // While one renewal takes longer than the interval those that become due meanwhile are left out: they would only keep threads waiting, each one more.
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
            EndInTime(BeforeEnd); // it is tried again; should it end meanwhile and someone take it, then the next write tells
        }
        finally
        {
            Monitor.Exit(_gate);
        }
    }

    // By the next renewal it would have ended.
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

    // The version is not the one that is known where the answer to a renewal was lost, or someone has dated the lease anew; the holder is.
    private bool TryFindAgain()
    {
        if (_files.Read(_path) is not { } found || TryRead(found.Content) is not { } content || content.Holder != Holder)
            return false;
        (_version, _content) = (found.Version, content);
        return true;
    }
}
