using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>A body that a worker has accepted, kept until its outcome is acknowledged.</summary>
/// <param name="item">The work item.</param>
/// <param name="coordinator">The step that receives its updates.</param>
internal sealed class HostedBody(WorkItem item, ICoordinator coordinator)
{
    private const int MaxHeld = 16 * 1024 * 1024; // unreported output in bytes; more is dropped

    private readonly List<BodyUpdate> _unreported = [];
    private int _held;
    private int _next;

    public WorkItem Item { get; private set; } = item;

    /// <summary>The step that receives its updates.</summary>
    public ICoordinator Coordinator { get; private set; } = coordinator;

    /// <summary>Stops the body when disposed; null once it has ended.</summary>
    public IDisposable? Body { get; set; }

    /// <summary>True if the body runs or is queued.</summary>
    public bool IsRunning => Outcome is null;

    /// <summary>The outcome; null while it runs.</summary>
    public BodyUpdate? Outcome { get; private set; }

    /// <summary>The time it ended, by <see cref="Environment.TickCount64"/>.</summary>
    public long EndedAt { get; private set; }

    /// <summary>The updates not yet delivered.</summary>
    public IReadOnlyList<BodyUpdate> Unreported => _unreported;

    /// <summary>True if updates are being delivered now.</summary>
    public bool IsReporting { get; set; }

    public void Write(byte[] content)
    {
        if (!IsRunning || (_held > 0 && _held + content.Length > MaxHeld))
            return;
        _held += content.Length;
        _unreported.Add(new(Item.DispatchId, _next++, End: null, content, Location: null));
    }

    /// <summary>Adds the update that a queued body has started.</summary>
    public void AddStarted() => _unreported.Add(new(Item.DispatchId, _next++, End: null, Content: null, Location: null));

    public void End(BodyReport report)
    {
        Outcome = new(Item.DispatchId, _next++, report.Kind, report.Payload.Content, report.Payload.Location);
        EndedAt = Environment.TickCount64;
        _unreported.Add(Outcome);
    }

    /// <summary>Removes delivered updates.</summary>
    public void RemoveReported(int count)
    {
        for (var i = 0; i < count; i++)
            _held -= _unreported[i].End is null ? _unreported[i].Content?.Length ?? 0 : 0;
        _unreported.RemoveRange(0, count);
    }

    /// <summary>Frees the request once the body has started.</summary>
    public void ReleaseRequest() => Item = Item with { Content = null };

    /// <summary>Frees the outcome's content once nobody will ask for it; that the body ran stays known.</summary>
    public void ReleaseOutcome() => Outcome = Outcome is { } outcome && !_unreported.Contains(outcome) ? outcome with { Content = null } : Outcome;

    /// <summary>Reports to another step from now on, the outcome included.</summary>
    public void Adopt(ICoordinator other)
    {
        Coordinator = other;
        if (Outcome is not null && !_unreported.Contains(Outcome))
            _unreported.Add(Outcome);
    }
}
