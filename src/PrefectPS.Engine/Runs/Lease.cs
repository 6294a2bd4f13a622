using System.Collections.Concurrent;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>
/// Keeps others from working on what it stands for. Its age is told by the store's clock alone; it is renewed until it is released.
/// What it guards is safe without it: it is there so that nobody starts in vain.
/// </summary>
internal sealed class Lease : IDisposable
{
    /// <summary>For how long it holds unless it is renewed.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ClockGrain = TimeSpan.FromSeconds(1); // some stores tell times in whole seconds
    private static readonly string Engine = $"{Guid.NewGuid():n}-"; // a process may have loaded the engine twice
    private static readonly ConcurrentDictionary<string, bool> Held = new(StringComparer.Ordinal); // by this engine, by holder

    private readonly RunFiles _files;
    private readonly string _path;
    private readonly Action _lost;
    private readonly object _gate = new();
    private LeaseContent _content;
    private string _version;
    private ITimer? _timer;

    private Lease(RunFiles files, string path, LeaseContent content, string version, Action lost)
    {
        _files = files;
        _path = path;
        _content = content;
        _version = version;
        _lost = lost;
    }

    /// <summary>Who holds it.</summary>
    public string Holder => _content.Holder;

    /// <summary>Whether someone else has it now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Takes a lease that is free, or whose holder is gone.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="clock">Says when it is to be renewed.</param>
    /// <param name="lost">Called when someone else is found to have it.</param>
    /// <returns>The lease; null where someone else holds it, and nothing was changed.</returns>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static Lease? TryTake(RunFiles files, string path, TimeProvider clock, Action lost)
    {
        var content = new LeaseContent($"{Engine}{Guid.NewGuid():n}", ProcessMark.Current, Duration, Renewals: 0);
        Held[content.Holder] = true;
        string? version = null;
        try
        {
            version = TryTake(files, path, content);
        }
        finally
        {
            if (version is null)
                Held.TryRemove(content.Holder, out _);
        }

        if (version is null)
            return null;
        var lease = new Lease(files, path, content, version, lost);
        lease._timer = clock.CreateTimer(_ => lease.Renew(), null, RenewalInterval, RenewalInterval);
        return lease;
    }

    /// <summary>Whether someone holds a lease right now.</summary>
    public static bool IsHeld(RunFiles files, string path) =>
        files.Read(path) is { } found && !IsFree(files, path, LeaseContent.Read(found.Content));

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
                _files.Store.DeleteAsync(_path, _version, CancellationToken.None).Wait();
            }
            catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.StoreConflict)
            {
            }
        }
    }

    private static string? TryTake(RunFiles files, string path, LeaseContent content)
    {
        if (TryWrite(files, path, content, WriteCondition.IfAbsent) is { } version)
            return version;
        if (files.Read(path) is not { } found)
            return TryWrite(files, path, content, WriteCondition.IfAbsent); // it was released just now
        return IsFree(files, path, LeaseContent.Read(found.Content))
            ? TryWrite(files, path, content, WriteCondition.IfVersion(found.Version))
            : null;
    }

    private static string? TryWrite(RunFiles files, string path, LeaseContent content, WriteCondition condition)
    {
        try
        {
            return files.WriteOwn(path, content.ToBytes(), condition);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            return null;
        }
    }

    private static bool IsFree(RunFiles files, string path, LeaseContent content) =>
        content.Process.IsGone()
        || (content.Holder.StartsWith(Engine, StringComparison.Ordinal) && !Held.ContainsKey(content.Holder))
        || AgeOf(files, path) is not { } age
        || age > content.Duration + ClockGrain;

    // Null where it is gone. The probe is written to learn what time it is for the store.
    private static TimeSpan? AgeOf(RunFiles files, string path)
    {
        var probe = $"{path}.{Guid.NewGuid():n}";
        files.Write(probe, []);
        try
        {
            var entries = files.List(path);
            return entries.FirstOrDefault(entry => entry.Path == probe)?.LastModified - entries.FirstOrDefault(entry => entry.Path == path)?.LastModified;
        }
        finally
        {
            files.TryDelete([probe]);
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (IsLost || !Held.ContainsKey(Holder))
                return;
            try
            {
                RenewNow();
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
            {
                // It is tried again; should it end meanwhile and someone take it, then the next write tells.
            }
        }
    }

    private void RenewNow()
    {
        var next = _content with { Renewals = _content.Renewals + 1 };
        try
        {
            _version = _files.WriteOwn(_path, next.ToBytes(), WriteCondition.IfVersion(_version));
            _content = next;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            // Where the answer to a renewal was lost, the version is not the one that is known, but the holder is.
            if (_files.Read(_path) is { } found && LeaseContent.Read(found.Content) is var content && content.Holder == Holder)
            {
                (_version, _content) = (found.Version, content);
                return;
            }

            IsLost = true;
            _lost();
        }
    }
}
