using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>What a worker process has in hand: the bodies that run there, and the outcomes of which nobody has said yet that they are on record.</summary>
/// <param name="host">Runs bodies.</param>
/// <param name="options">How long what is kept.</param>
internal sealed class WorkerDesk(IBodyHost host, WorkerOptions options)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Delivery> _deliveries = new(StringComparer.Ordinal);
    private readonly HashSet<Delivery> _running = []; // few, where many outcomes may be kept
    private bool _isLeaving;
    private long _reservedUntil;

    /// <summary>How many bodies run.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _running.Count;
        }
    }

    public Description Describe()
    {
        lock (_gate)
        {
            Forget();
            return Description.Of(host.Profile, _running.Count, _isLeaving, IsReserved || RunsOneAlone);
        }
    }

    public Answer Take(WorkItem item, ICoordinator coordinator)
    {
        Delivery delivery;
        lock (_gate)
        {
            if (_deliveries.TryGetValue(item.Delivery, out var known))
            {
                known.Adopt(coordinator);
                return Answer.Taken;
            }

            if (_isLeaving)
                return new(AnswerKind.Refused, "it leaves the cluster");
            if (!host.Profile.Flows.Contains(new(item.Flow, item.Fingerprint)))
                return new(AnswerKind.Refused, "it has no flow of this name and version");
            if (item.Alone && _running.Count > 0)
            {
                _reservedUntil = Environment.TickCount64 + (long)options.Reservation.TotalMilliseconds;
                return Answer.Full;
            }

            if (_running.Count >= host.Profile.Places || RunsOneAlone || (IsReserved && !item.Alone))
                return Answer.Full;
            _reservedUntil = 0;
            _deliveries.Add(item.Delivery, delivery = new(item, coordinator));
            _running.Add(delivery);
        }

        var body = host.Begin(new(item.Flow, item.Fingerprint), item.Label, item.Delivery, new(item.Content, item.Location), new Sink(this, delivery));
        bool isUnwanted;
        lock (_gate)
        {
            delivery.ShedOrder();
            isUnwanted = !_running.Contains(delivery); // it was given back or dropped meanwhile, or has ended
            if (!isUnwanted)
                delivery.Body = body;
        }

        if (isUnwanted)
            body.Dispose();
        return Answer.Taken;
    }

    public void Stop(string delivery)
    {
        IDisposable? body;
        lock (_gate)
            body = _deliveries.TryGetValue(delivery, out var found) ? found.Body : null;
        body?.Dispose();
    }

    public void Acknowledge(string[] deliveries)
    {
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                if (_deliveries.TryGetValue(delivery, out var found) && !found.IsRunning)
                    _deliveries.Remove(delivery);
            }
        }
    }

    public Claim[] ClaimsOf(string incarnation)
    {
        lock (_gate)
        {
            Forget();
            return [.. _deliveries.Values.Where(each => each.Item.Incarnation == incarnation && IsOfUse(each)).Select(each => new Claim(each.Item.Key!, each.Item.Delivery))];
        }
    }

    public bool Adopt(string delivery, ICoordinator coordinator)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(delivery, out var found))
                return false;
            found.Adopt(coordinator);
            Tell(found);
            return true;
        }
    }

    /// <summary>Takes no more bodies.</summary>
    public void Leave()
    {
        lock (_gate)
            _isLeaving = true;
    }

    /// <summary>Stops all bodies, which another worker is to run.</summary>
    public void GiveBackAll()
    {
        Delivery[] running;
        lock (_gate)
        {
            running = [.. _running];
            foreach (var each in running)
                End(each, BodyReport.GivenBack);
        }

        foreach (var each in running)
            each.Body?.Dispose();
    }

    /// <summary>The cluster has declared this worker dead: what it runs is run elsewhere by now, and what it would say of that counts no more.</summary>
    public void DropAll()
    {
        Delivery[] running;
        lock (_gate)
        {
            running = [.. _running];
            _running.Clear();
            foreach (var each in running)
                _deliveries.Remove(each.Item.Delivery);
        }

        foreach (var each in running)
            each.Body?.Dispose();
    }

    /// <summary>Whether all that there is to tell was told.</summary>
    public bool HasToldAll
    {
        get
        {
            lock (_gate)
                return _deliveries.Values.All(each => each.Untold.Count == 0);
        }
    }

    private bool IsReserved => Environment.TickCount64 < _reservedUntil;

    private bool RunsOneAlone => _running.Any(each => each.Item.Alone);

    private static bool IsOfUse(Delivery delivery) => delivery.Item.Key is not null && delivery.Outcome?.End is not (BodyEnd.Stopped or BodyEnd.GivenBack);

    private void Forget()
    {
        var past = Environment.TickCount64 - (long)options.Keep.TotalMilliseconds;
        foreach (var each in _deliveries.Values.Where(each => !each.IsRunning && each.EndedAt < past).ToArray())
            _deliveries.Remove(each.Item.Delivery);
    }

    private void Write(Delivery delivery, byte[] content)
    {
        lock (_gate)
        {
            delivery.Write(content);
            Tell(delivery);
        }
    }

    private void End(Delivery delivery, BodyReport report)
    {
        lock (_gate)
        {
            if (!delivery.IsRunning)
                return;
            delivery.End(report);
            _running.Remove(delivery);
            Tell(delivery);
        }
    }

    private void Tell(Delivery delivery)
    {
        if (delivery.IsTelling || delivery.Untold.Count == 0)
            return;
        delivery.IsTelling = true;
        _ = Task.Run(() => TellAll(delivery));
    }

    // In order, each until it is taken: who does not answer may be out of reach for a while, and may have been taken over by another step.
    private async Task TellAll(Delivery delivery)
    {
        while (true)
        {
            Told[] told;
            ICoordinator coordinator;
            lock (_gate)
            {
                if (delivery.Untold.Count == 0 || !_deliveries.ContainsKey(delivery.Item.Delivery))
                {
                    delivery.IsTelling = false;
                    return;
                }

                told = [.. delivery.Untold];
                coordinator = delivery.Coordinator;
            }

            try
            {
                await coordinator.Tell(told);
                lock (_gate)
                {
                    delivery.SetTold(told.Length);
                    if (delivery.Item.Incarnation is null)
                        delivery.ShedOutcome(); // no later step will ask for it
                }
            }
            catch (Exception)
            {
                await Task.Delay(options.Rest);
                lock (_gate)
                    Forget();
            }
        }
    }

    private sealed class Sink(WorkerDesk desk, Delivery delivery) : IBodySink
    {
        public void Write(byte[] content) => desk.Write(delivery, content);

        public void End(BodyReport report) => desk.End(delivery, report);
    }
}
