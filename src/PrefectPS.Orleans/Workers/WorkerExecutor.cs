using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>Runs the bodies dispatched to this worker, reports their output, and keeps outcomes until they are acknowledged.</summary>
/// <param name="host">Runs bodies.</param>
/// <param name="options">The timeouts.</param>
internal sealed class WorkerExecutor(IBodyHost host, WorkerOptions options)
{
    private readonly object _gate = new();
    private readonly Dictionary<string, HostedBody> _bodies = new(StringComparer.Ordinal);
    private readonly WorkerPlaces _places = new(options.Reservation); // the few active among many kept outcomes
    private bool _isLeaving;

    /// <summary>The number of running bodies.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
                return _places.Running.Count;
        }
    }

    public WorkerStatus Describe()
    {
        lock (_gate)
        {
            Forget();
            return WorkerStatus.Of(host.Profile, _places.Running.Count, _places.Waiting.Count, _isLeaving, _places.IsTaken);
        }
    }

    public DispatchReply Dispatch(WorkItem item, ICoordinator coordinator)
    {
        HostedBody hosted;
        lock (_gate)
        {
            if (_bodies.TryGetValue(item.DispatchId, out var known))
            {
                known.Adopt(coordinator);
                return _places.Awaits(known) ? DispatchReply.Queued : DispatchReply.Accepted;
            }

            if (_isLeaving)
                return new(DispatchOutcome.Rejected, "it leaves the cluster");
            if (!host.Profile.Flows.Contains(new(item.Flow, item.Fingerprint)))
                return new(DispatchOutcome.Rejected, "it has no flow of this name and version");
            var answer = _places.Decide(item, host.Profile.Places);
            if (answer.Kind == DispatchOutcome.Full)
                return answer;
            _bodies.Add(item.DispatchId, hosted = new(item, coordinator));
            if (answer.Kind == DispatchOutcome.Queued)
            {
                _places.Wait(hosted);
                _ = EvictUnlessStartedAsync(hosted);
                return answer;
            }

            _places.Run(hosted);
        }

        Begin(hosted);
        return DispatchReply.Accepted;
    }

    public void Stop(string dispatchId)
    {
        HostedBody? found;
        lock (_gate)
        {
            found = _bodies.GetValueOrDefault(dispatchId);
            if (found is not null && _places.Awaits(found))
                Conclude(found, BodyReport.Stopped);
        }

        found?.Body?.Dispose();
    }

    public void Acknowledge(string[] dispatchIds)
    {
        lock (_gate)
        {
            foreach (var dispatchId in dispatchIds)
            {
                if (_bodies.TryGetValue(dispatchId, out var found) && !found.IsRunning)
                    _bodies.Remove(dispatchId);
            }
        }
    }

    public Claim[] GetClaims(string incarnation)
    {
        lock (_gate)
        {
            Forget();
            foreach (var each in _places.Waiting.Where(each => each.Item.Incarnation == incarnation).ToArray())
                Conclude(each, BodyReport.Evicted); // the asking step dispatches it itself
            return [.. _bodies.Values.Where(each => each.Item.Incarnation == incarnation && IsOfUse(each)).Select(each => new Claim(each.Item.Key!, each.Item.DispatchId))];
        }
    }

    public bool Adopt(string dispatchId, ICoordinator coordinator)
    {
        lock (_gate)
        {
            if (!_bodies.TryGetValue(dispatchId, out var found))
                return false;
            found.Adopt(coordinator);
            Report(found);
            return true;
        }
    }

    /// <summary>Rejects further bodies and evicts queued ones.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isLeaving = true;
            foreach (var each in _places.Waiting.ToArray())
                Conclude(each, BodyReport.Evicted);
        }
    }

    /// <summary>Stops all running bodies, for other workers to run.</summary>
    public void EvictAll()
    {
        HostedBody[] running;
        lock (_gate)
        {
            running = [.. _places.Running];
            foreach (var each in running)
                Conclude(each, BodyReport.Evicted);
        }

        foreach (var each in running)
            each.Body?.Dispose();
    }

    /// <summary>Drops all bodies after the cluster declared this worker dead: they run elsewhere by now, and reports on them no longer count.</summary>
    public void DropAll()
    {
        HostedBody[] all;
        lock (_gate)
        {
            all = [.. _places.Running, .. _places.Waiting];
            foreach (var each in all)
            {
                _places.Remove(each);
                _bodies.Remove(each.Item.DispatchId);
            }
        }

        foreach (var each in all)
            each.Body?.Dispose();
    }

    /// <summary>True if all updates have been delivered.</summary>
    public bool HasReportedAll
    {
        get
        {
            lock (_gate)
                return _bodies.Values.All(each => each.Unreported.Count == 0);
        }
    }

    private static bool IsOfUse(HostedBody hosted) => hosted.Item.Key is not null && hosted.Outcome?.End is not (BodyEnd.Stopped or BodyEnd.Evicted);

    private void Forget()
    {
        var past = Environment.TickCount64 - (long)options.Keep.TotalMilliseconds;
        foreach (var each in _bodies.Values.Where(each => !each.IsRunning && each.EndedAt < past).ToArray())
            _bodies.Remove(each.Item.DispatchId);
    }

    private void Write(HostedBody hosted, byte[] content)
    {
        lock (_gate)
        {
            hosted.Write(content);
            Report(hosted);
        }
    }

    private void End(HostedBody hosted, BodyReport report)
    {
        HostedBody? next;
        lock (_gate)
        {
            Conclude(hosted, report);
            next = _isLeaving ? null : _places.RunNext(host.Profile.Places);
            if (next is not null)
            {
                next.AddStarted();
                Report(next);
            }
        }

        if (next is not null)
            Begin(next);
    }

    private void Begin(HostedBody hosted)
    {
        var item = hosted.Item;
        var body = host.Begin(new(item.Flow, item.Fingerprint), item.Label, item.DispatchId, new(item.Content, item.Location), new Sink(this, hosted));
        bool isUnwanted;
        lock (_gate)
        {
            hosted.ReleaseRequest();
            isUnwanted = !_places.Runs(hosted); // evicted, dropped or ended meanwhile
            if (!isUnwanted)
                hosted.Body = body;
        }

        if (isUnwanted)
            body.Dispose();
    }

    private void Conclude(HostedBody hosted, BodyReport report)
    {
        if (!hosted.IsRunning)
            return;
        hosted.End(report);
        _places.Remove(hosted);
        Report(hosted);
    }

    // Bodies are queued ahead after quick ones. If those ahead are slow after all, another worker may have a place by now.
    private async Task EvictUnlessStartedAsync(HostedBody hosted)
    {
        await Task.Delay(options.Patience);
        lock (_gate)
        {
            if (_places.Awaits(hosted))
                Conclude(hosted, BodyReport.Evicted);
        }
    }

    private void Report(HostedBody hosted)
    {
        if (hosted.IsReporting || hosted.Unreported.Count == 0)
            return;
        hosted.IsReporting = true;
        _ = Task.Run(() => ReportAllAsync(hosted));
    }

    // In order, retried until delivered: the step may be unreachable for a while, or replaced by the run's next step.
    private async Task ReportAllAsync(HostedBody hosted)
    {
        while (true)
        {
            BodyUpdate[] updates;
            ICoordinator coordinator;
            lock (_gate)
            {
                if (hosted.Unreported.Count == 0 || !_bodies.ContainsKey(hosted.Item.DispatchId))
                {
                    hosted.IsReporting = false;
                    return;
                }

                updates = [.. hosted.Unreported];
                coordinator = hosted.Coordinator;
            }

            try
            {
                await coordinator.Report(updates);
                lock (_gate)
                {
                    hosted.RemoveReported(updates.Length);
                    if (hosted.Item.Incarnation is null)
                        hosted.ReleaseOutcome(); // no later step asks for a run not on record
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

    private sealed class Sink(WorkerExecutor executor, HostedBody hosted) : IBodySink
    {
        public void Write(byte[] content) => executor.Write(hosted, content);

        public void End(BodyReport report) => executor.End(hosted, report);
    }
}
