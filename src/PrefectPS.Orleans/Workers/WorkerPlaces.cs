using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>Which bodies have a place in a worker, and which wait for one. Belongs to the thread that holds the desk's lock.</summary>
/// <param name="reservation">How long no other body is taken after one was sent that has to run alone.</param>
internal sealed class WorkerPlaces(TimeSpan reservation)
{
    private readonly HashSet<Delivery> _running = [];
    private readonly LinkedList<Delivery> _waiting = []; // sent ahead, so that a place which becomes free does not stay so for a round trip
    private long _reservedUntil;

    /// <summary>The bodies that run.</summary>
    public IReadOnlyCollection<Delivery> Running => _running;

    /// <summary>The bodies that were sent ahead, the first one first.</summary>
    public IReadOnlyCollection<Delivery> Waiting => _waiting;

    /// <summary>Whether a body runs alone, or is to.</summary>
    public bool IsTaken => IsReserved || RunsOneAlone;

    private bool IsReserved => Environment.TickCount64 < _reservedUntil;

    private bool RunsOneAlone => _running.Any(each => each.Item.Alone);

    /// <summary>Decides on a body that was sent here.</summary>
    /// <param name="item">The body.</param>
    /// <param name="places">How many may run at once, and how many more may wait.</param>
    public Answer Decide(WorkItem item, int places)
    {
        if (item.Alone && _running.Count > 0)
        {
            _reservedUntil = Environment.TickCount64 + (long)reservation.TotalMilliseconds;
            return Answer.Full;
        }

        if (RunsOneAlone || (IsReserved && !item.Alone))
            return Answer.Full;
        if (_running.Count < places)
            return Answer.Taken;
        return item.MayWait && _waiting.Count < places ? Answer.Waits : Answer.Full;
    }

    /// <summary>A body has a place from now on.</summary>
    public void Run(Delivery delivery)
    {
        _reservedUntil = 0;
        _running.Add(delivery);
    }

    /// <summary>A body waits for a place from now on.</summary>
    public void Wait(Delivery delivery) => _waiting.AddLast(delivery);

    /// <summary>Gives a free place to the first body that waits for one.</summary>
    /// <returns>The body; null for none.</returns>
    public Delivery? RunNext(int places)
    {
        if (_running.Count >= places || IsTaken || _waiting.First is not { Value: var next })
            return null;
        _waiting.RemoveFirst();
        Run(next);
        return next;
    }

    /// <summary>Whether a body has a place.</summary>
    public bool Runs(Delivery delivery) => _running.Contains(delivery);

    /// <summary>Whether a body waits for a place.</summary>
    public bool Awaits(Delivery delivery) => _waiting.Contains(delivery);

    /// <summary>A body neither runs nor waits any more.</summary>
    public void Remove(Delivery delivery)
    {
        if (!_running.Remove(delivery))
            _waiting.Remove(delivery);
    }
}
