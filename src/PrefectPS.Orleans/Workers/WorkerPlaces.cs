using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>The running and queued bodies of a worker. Guarded by the lock of <see cref="WorkerExecutor"/>.</summary>
/// <param name="reservation">How long no other body is accepted after rejecting one that must run alone.</param>
internal sealed class WorkerPlaces(TimeSpan reservation)
{
    private readonly HashSet<HostedBody> _running = [];
    private readonly LinkedList<HostedBody> _waiting = []; // queued ahead, to fill a free place without a round trip
    private long _reservedUntil;

    /// <summary>The running bodies.</summary>
    public IReadOnlyCollection<HostedBody> Running => _running;

    /// <summary>The queued bodies, in order.</summary>
    public IReadOnlyCollection<HostedBody> Waiting => _waiting;

    /// <summary>True if a body runs alone, or is about to.</summary>
    public bool IsTaken => IsReserved || RunsOneAlone;

    private bool IsReserved => Environment.TickCount64 < _reservedUntil;

    private bool RunsOneAlone => _running.Any(each => each.Item.Alone);

    /// <summary>Decides on a dispatched body.</summary>
    /// <param name="item">The body.</param>
    /// <param name="places">The number of places, and of further bodies that may be queued.</param>
    public DispatchReply Decide(WorkItem item, int places)
    {
        if (item.Alone && _running.Count > 0)
        {
            _reservedUntil = Environment.TickCount64 + (long)reservation.TotalMilliseconds;
            return DispatchReply.Full;
        }

        if (RunsOneAlone || (IsReserved && !item.Alone))
            return DispatchReply.Full;
        if (_running.Count < places)
            return DispatchReply.Accepted;
        return item.MayWait && _waiting.Count < places ? DispatchReply.Queued : DispatchReply.Full;
    }

    /// <summary>Adds a running body.</summary>
    public void Run(HostedBody body)
    {
        _reservedUntil = 0;
        _running.Add(body);
    }

    /// <summary>Queues a body.</summary>
    public void Wait(HostedBody body) => _waiting.AddLast(body);

    /// <summary>Starts the first queued body if a place is free.</summary>
    /// <returns>The body; null for none.</returns>
    public HostedBody? RunNext(int places)
    {
        if (_running.Count >= places || IsTaken || _waiting.First is not { Value: var next })
            return null;
        _waiting.RemoveFirst();
        Run(next);
        return next;
    }

    /// <summary>True if a body is running.</summary>
    public bool Runs(HostedBody body) => _running.Contains(body);

    /// <summary>True if a body is queued.</summary>
    public bool Awaits(HostedBody body) => _waiting.Contains(body);

    /// <summary>Removes a body.</summary>
    public void Remove(HostedBody body)
    {
        if (!_running.Remove(body))
            _waiting.Remove(body);
    }
}
