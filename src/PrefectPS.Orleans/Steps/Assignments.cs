using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Tracks which bodies of a step are on which worker, and which wait for one. Does no I/O. Thread-safe.</summary>
/// <param name="flow">The flow that is run.</param>
internal sealed class Assignments(FlowVersion flow)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100); // a worker evicts a body that is queued five times as long

    private readonly object _gate = new();
    private readonly WorkerList _workers = new(flow);
    private readonly LinkedList<RemoteBody> _waiting = [];
    private readonly Dictionary<string, RemoteBody> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (WorkerLink Link, string DispatchId)> _claims = new(StringComparer.Ordinal);
    private string? _incarnation;
    private bool _isClosed;

    /// <summary>The run's incarnation, known once a body of a recorded run was added.</summary>
    public string? Incarnation
    {
        get
        {
            lock (_gate)
                return _incarnation;
        }
    }

    /// <summary>True if a task's body would get a place besides those already waiting.</summary>
    public bool HasPlaceFor(FlowTask task)
    {
        lock (_gate)
            return _workers.HasPlaceFor(task, _waiting);
    }

    /// <inheritdoc cref="WorkerList.ReasonAgainst"/>
    public string? ReasonAgainst(FlowTask task)
    {
        lock (_gate)
            return _workers.ReasonAgainst(task);
    }

    /// <summary>Queues a body for a worker.</summary>
    /// <returns>False where the cluster has ended.</returns>
    public bool TryAdd(RemoteBody body)
    {
        lock (_gate)
        {
            _incarnation ??= body.Item.Incarnation;
            if (!_isClosed)
                _waiting.AddLast(body);
            return !_isClosed;
        }
    }

    /// <summary>Queues a dispatched body again, at the head, because it was evicted or its worker is gone.</summary>
    /// <param name="body">The body.</param>
    /// <param name="alone">Whether it must run alone from now on.</param>
    public void Requeue(RemoteBody body, bool alone)
    {
        lock (_gate)
        {
            if (body.HasEnded)
                return;
            body.ResetDispatch();
            body.IsAlone |= alone || body.Context.IsSuspect;
            _waiting.AddFirst(body);
        }
    }

    /// <summary>Removes a body from the queue.</summary>
    /// <returns>The worker it was dispatched to; null for none.</returns>
    public (WorkerLink Link, string DispatchId)? Withdraw(RemoteBody body)
    {
        lock (_gate)
        {
            _waiting.Remove(body);
            _workers.Release(body);
            return body is { Link: { } link, DispatchId: { } dispatchId } ? (link, dispatchId) : null;
        }
    }

    /// <summary>Assigns queued bodies to workers with a free place, or to those that already have them.</summary>
    public List<Assignment> Next()
    {
        List<Assignment> chosen = [];
        lock (_gate)
        {
            // Claims of earlier steps come first; otherwise their bodies would run twice.
            if (_incarnation is not null && _workers.All.Any(link => link is { Profile: not null, HasClaims: false, LacksClaims: false }))
                return chosen;
            for (var node = _waiting.First; node is not null;)
            {
                var (next, body) = (node.Next, node.Value);
                if (Choose(body) is { } choice)
                {
                    _waiting.Remove(node);
                    Assign(choice);
                    chosen.Add(choice);
                }

                node = next;
            }
        }

        return chosen;
    }

    /// <summary>True if a body is still assigned under this dispatch id.</summary>
    public bool Has(RemoteBody body, string dispatchId)
    {
        lock (_gate)
            return _sent.TryGetValue(dispatchId, out var sent) && sent == body;
    }

    /// <summary>Unassigns a body that its worker did not accept or no longer has.</summary>
    /// <param name="assignment">The assignment.</param>
    /// <param name="note">Records the reason before another body is assigned to the worker.</param>
    /// <returns>Whether it was still assigned.</returns>
    public bool TryUnassign(Assignment assignment, Action<WorkerLink>? note = null)
    {
        lock (_gate)
        {
            if (assignment.Body.DispatchId != assignment.DispatchId)
                return false;
            Unassign(assignment.Body);
            note?.Invoke(assignment.Link);
            return true;
        }
    }

    /// <summary>Finds the body of a worker's update; null where it was reassigned or the update is a duplicate.</summary>
    public RemoteBody? Find(BodyUpdate update)
    {
        lock (_gate)
        {
            if (!_sent.TryGetValue(update.DispatchId, out var body) || (update.Number < body.NextUpdate && update.End is null))
                return null;
            body.NextUpdate = update.Number + 1;
            if (update.End is { } end)
            {
                body.Link!.IsQuick = end is not BodyEnd.Evicted && body.Age < Quick;
                Unassign(body);
            }

            return body;
        }
    }

    /// <summary>Applies a worker's view of the cluster.</summary>
    /// <returns>The workers that left, with the bodies they had.</returns>
    public List<(WorkerLink Link, RemoteBody[] Lost)> See(ClusterView seen)
    {
        lock (_gate)
            return [.. _workers.See(seen).Select(link => (link, Lose(link)))];
    }

    /// <summary>Finds the first queued body that no worker can run; null for none.</summary>
    public RemoteBody? FindStranded()
    {
        lock (_gate)
            return _waiting.FirstOrDefault(body => _workers.ReasonAgainst(body.Task) is not null);
    }

    /// <summary>Finds the workers whose claims are unknown.</summary>
    public WorkerLink[] FindWithoutClaims()
    {
        lock (_gate)
            return _incarnation is null ? [] : [.. _workers.All.Where(link => !link.HasClaims && link.Profile is not null)];
    }

    /// <summary>Records a worker's claims on the run; null where it did not answer.</summary>
    public void SetClaims(WorkerLink link, Claim[]? claims)
    {
        lock (_gate)
        {
            link.LacksClaims = claims is null;
            link.HasClaims = claims is not null;
            foreach (var claim in claims ?? [])
                _claims.TryAdd(claim.Key, (link, claim.DispatchId));
        }
    }

    /// <summary>Rejects further bodies.</summary>
    /// <returns>The bodies not yet ended.</returns>
    public RemoteBody[] Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            RemoteBody[] all = [.. _sent.Values, .. _waiting];
            _sent.Clear();
            _waiting.Clear();
            return all;
        }
    }

    private Assignment? Choose(RemoteBody body)
    {
        if (body.Item.Key is { } key && _claims.Remove(key, out var claim))
            return new(body, claim.Link, claim.DispatchId, IsClaimed: true);
        return (body.IsAlone ? _workers.IdleFor(body) : _workers.FreeFor(body.Task)) is { } link ? new(body, link, Guid.NewGuid().ToString("n"), IsClaimed: false) : null;
    }

    private void Assign(Assignment choice)
    {
        var (body, link, dispatchId, _) = choice;
        (body.Link, body.DispatchId) = (link, dispatchId);
        link.Bodies.Add(body);
        if (link.WaitsFor == body)
            link.WaitsFor = null;
        _sent[dispatchId] = body;
    }

    private void Unassign(RemoteBody body)
    {
        body.Link?.Bodies.Remove(body);
        _sent.Remove(body.DispatchId!);
    }

    private RemoteBody[] Lose(WorkerLink link)
    {
        RemoteBody[] lost = [.. link.Bodies];
        link.Bodies.Clear();
        foreach (var claim in _claims.Where(claim => claim.Value.Link == link).ToArray())
            _claims.Remove(claim.Key);
        foreach (var body in lost)
            _sent.Remove(body.DispatchId!);
        return lost;
    }
}

/// <summary>A body assigned to a worker.</summary>
/// <param name="Body">The body.</param>
/// <param name="Link">The worker.</param>
/// <param name="DispatchId">The unique id of this dispatch.</param>
/// <param name="IsClaimed">Whether the worker already has the body from an earlier step of the run.</param>
internal readonly record struct Assignment(RemoteBody Body, WorkerLink Link, string DispatchId, bool IsClaimed);
