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
    private readonly WorkerPlaces _places = new(options.Reservation); // few bodies, where many outcomes may be kept
    private bool _isLeaving;

    /// <summary>How many bodies run.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _places.Running.Count;
        }
    }

    public Description Describe()
    {
        lock (_gate)
        {
            Forget();
            return Description.Of(host.Profile, _places.Running.Count, _places.Waiting.Count, _isLeaving, _places.IsTaken);
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
                return _places.Awaits(known) ? Answer.Waits : Answer.Taken;
            }

            if (_isLeaving)
                return new(AnswerKind.Refused, "it leaves the cluster");
            if (!host.Profile.Flows.Contains(new(item.Flow, item.Fingerprint)))
                return new(AnswerKind.Refused, "it has no flow of this name and version");
            var answer = _places.Decide(item, host.Profile.Places);
            if (answer.Kind == AnswerKind.Full)
                return answer;
            _deliveries.Add(item.Delivery, delivery = new(item, coordinator));
            if (answer.Kind == AnswerKind.Waits)
            {
                _places.Wait(delivery);
                _ = GiveBackInTime(delivery);
                return answer;
            }

            _places.Run(delivery);
        }

        Begin(delivery);
        return Answer.Taken;
    }

    public void Stop(string delivery)
    {
        Delivery? found;
        lock (_gate)
        {
            found = _deliveries.GetValueOrDefault(delivery);
            if (found is not null && _places.Awaits(found))
                Conclude(found, BodyReport.Stopped);
        }

        found?.Body?.Dispose();
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
            foreach (var each in _places.Waiting.Where(each => each.Item.Incarnation == incarnation).ToArray())
                Conclude(each, BodyReport.GivenBack); // the step that asks sends it itself
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

    /// <summary>Takes no more bodies, and begins none.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isLeaving = true;
            foreach (var each in _places.Waiting.ToArray())
                Conclude(each, BodyReport.GivenBack);
        }
    }

    /// <summary>Stops all bodies, which another worker is to run.</summary>
    public void GiveBackAll()
    {
        Delivery[] running;
        lock (_gate)
        {
            running = [.. _places.Running];
            foreach (var each in running)
                Conclude(each, BodyReport.GivenBack);
        }

        foreach (var each in running)
            each.Body?.Dispose();
    }

    /// <summary>The cluster has declared this worker dead: what it has is run elsewhere by now, and what it would say of that counts no more.</summary>
    public void DropAll()
    {
        Delivery[] all;
        lock (_gate)
        {
            all = [.. _places.Running, .. _places.Waiting];
            foreach (var each in all)
            {
                _places.Remove(each);
                _deliveries.Remove(each.Item.Delivery);
            }
        }

        foreach (var each in all)
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
        Delivery? next;
        lock (_gate)
        {
            Conclude(delivery, report);
            next = _isLeaving ? null : _places.RunNext(host.Profile.Places);
            if (next is not null)
            {
                next.NoteBegun();
                Tell(next);
            }
        }

        if (next is not null)
            Begin(next);
    }

    private void Begin(Delivery delivery)
    {
        var item = delivery.Item;
        var body = host.Begin(new(item.Flow, item.Fingerprint), item.Label, item.Delivery, new(item.Content, item.Location), new Sink(this, delivery));
        bool isUnwanted;
        lock (_gate)
        {
            delivery.ShedOrder();
            isUnwanted = !_places.Runs(delivery); // it was given back or dropped meanwhile, or has ended
            if (!isUnwanted)
                delivery.Body = body;
        }

        if (isUnwanted)
            body.Dispose();
    }

    private void Conclude(Delivery delivery, BodyReport report)
    {
        if (!delivery.IsRunning)
            return;
        delivery.End(report);
        _places.Remove(delivery);
        Tell(delivery);
    }

    // Bodies are sent ahead where those before them were quick. Where these are not, another worker may have a place by now.
    private async Task GiveBackInTime(Delivery delivery)
    {
        await Task.Delay(options.Patience);
        lock (_gate)
        {
            if (_places.Awaits(delivery))
                Conclude(delivery, BodyReport.GivenBack);
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
