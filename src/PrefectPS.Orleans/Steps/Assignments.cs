using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Steps;

/// <summary>Which body of a step is in which worker, and which bodies wait for one. It sends nothing. Safe from any thread.</summary>
/// <param name="flow">The flow that is run.</param>
internal sealed class Assignments(FlowVersion flow)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(100); // a worker gives back what waits five times as long

    private readonly object _gate = new();
    private readonly WorkerList _workers = new(flow);
    private readonly LinkedList<RemoteBody> _waiting = [];
    private readonly Dictionary<string, RemoteBody> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (WorkerLink Link, string Delivery)> _claims = new(StringComparer.Ordinal);
    private string? _incarnation;
    private bool _isClosed;

    /// <summary>The incarnation of the run, once a body of a run on record was added.</summary>
    public string? Incarnation
    {
        get
        {
            lock (_gate)
                return _incarnation;
        }
    }

    /// <summary>Whether there is a place for a task's body beside those that wait for one.</summary>
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

    /// <summary>Adds a body, which waits for a worker from now on.</summary>
    /// <returns>Whether it does: the cluster may have ended.</returns>
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

    /// <summary>Sends a body that was sent, and not taken or not finished, to a worker once more, before those that wait.</summary>
    /// <param name="body">The body.</param>
    /// <param name="alone">Whether nothing else may run beside it from now on.</param>
    public void AddAgain(RemoteBody body, bool alone)
    {
        lock (_gate)
        {
            if (body.HasEnded)
                return;
            body.SetUnsent();
            body.IsAlone |= alone || body.Context.IsSuspect;
            _waiting.AddFirst(body);
        }
    }

    /// <summary>Takes a body from those that wait.</summary>
    /// <returns>The worker that has it, or is on its way to have it; null for none.</returns>
    public (WorkerLink Link, string Delivery)? Withdraw(RemoteBody body)
    {
        lock (_gate)
        {
            _waiting.Remove(body);
            _workers.Release(body);
            return body is { Link: { } link, Delivery: { } delivery } ? (link, delivery) : null;
        }
    }

    /// <summary>Assigns bodies that wait to workers that have a place for them, or have them already.</summary>
    public List<Assignment> Next()
    {
        List<Assignment> chosen = [];
        lock (_gate)
        {
            // What a worker has of the run's earlier steps is known first: else it would run twice.
            if (_incarnation is not null && _workers.All.Any(link => link is { Profile: not null, WasAsked: false, HasFailedToSay: false }))
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

    /// <summary>Whether a body is still in the worker's hands by this delivery.</summary>
    public bool Has(RemoteBody body, string delivery)
    {
        lock (_gate)
            return _sent.TryGetValue(delivery, out var sent) && sent == body;
    }

    /// <summary>Takes a body back that its worker did not take, or has no more.</summary>
    /// <param name="assignment">The body, the worker, and the delivery.</param>
    /// <param name="note">Notes why, before another body is assigned to the worker.</param>
    /// <returns>Whether it was there.</returns>
    public bool TryTakeBack(Assignment assignment, Action<WorkerLink>? note = null)
    {
        lock (_gate)
        {
            if (assignment.Body.Delivery != assignment.Delivery)
                return false;
            Unassign(assignment.Body);
            note?.Invoke(assignment.Link);
            return true;
        }
    }

    /// <summary>The body that a worker tells something of; null where it is another's by now, or where this was told before.</summary>
    public RemoteBody? Find(Told told)
    {
        lock (_gate)
        {
            if (!_sent.TryGetValue(told.Delivery, out var body) || (told.Number < body.Told && told.End is null))
                return null;
            body.Told = told.Number + 1;
            if (told.End is { } end)
            {
                body.Link!.IsQuick = end is not BodyEnd.GivenBack && body.Age < Quick;
                Unassign(body);
            }

            return body;
        }
    }

    /// <summary>Takes what a worker sees of the cluster.</summary>
    /// <returns>The workers that are gone from it, with the bodies that they had.</returns>
    public List<(WorkerLink Link, RemoteBody[] Lost)> See(ClusterSeen seen)
    {
        lock (_gate)
            return [.. _workers.See(seen).Select(link => (link, Lose(link)))];
    }

    /// <summary>The first body that no worker takes any more; null for none.</summary>
    public RemoteBody? FindStranded()
    {
        lock (_gate)
            return _waiting.FirstOrDefault(body => _workers.ReasonAgainst(body.Task) is not null);
    }

    /// <summary>The workers that were not asked yet what they have of the run.</summary>
    public WorkerLink[] FindUnasked()
    {
        lock (_gate)
            return _incarnation is null ? [] : [.. _workers.All.Where(link => !link.WasAsked && link.Profile is not null)];
    }

    /// <summary>Takes what a worker has of the run; null where it did not answer.</summary>
    public void NoteClaims(WorkerLink link, Claim[]? claims)
    {
        lock (_gate)
        {
            link.HasFailedToSay = claims is null;
            link.WasAsked = claims is not null;
            foreach (var claim in claims ?? [])
                _claims.TryAdd(claim.Key, (link, claim.Delivery));
        }
    }

    /// <summary>Takes no more bodies.</summary>
    /// <returns>Those that there are.</returns>
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
            return new(body, claim.Link, claim.Delivery, IsClaimed: true);
        return (body.IsAlone ? _workers.IdleFor(body) : _workers.FreeFor(body.Task)) is { } link ? new(body, link, Guid.NewGuid().ToString("n"), IsClaimed: false) : null;
    }

    private void Assign(Assignment choice)
    {
        var (body, link, delivery, _) = choice;
        (body.Link, body.Delivery) = (link, delivery);
        link.Mine.Add(body);
        if (link.WaitsFor == body)
            link.WaitsFor = null;
        _sent[delivery] = body;
    }

    private void Unassign(RemoteBody body)
    {
        body.Link?.Mine.Remove(body);
        _sent.Remove(body.Delivery!);
    }

    private RemoteBody[] Lose(WorkerLink link)
    {
        RemoteBody[] lost = [.. link.Mine];
        link.Mine.Clear();
        foreach (var claim in _claims.Where(claim => claim.Value.Link == link).ToArray())
            _claims.Remove(claim.Key);
        foreach (var body in lost)
            _sent.Remove(body.Delivery!);
        return lost;
    }
}
