using PrefectPS.Cluster;
using PrefectPS.Orleans.Wire;

namespace PrefectPS.Orleans.Workers;

/// <summary>A body that a worker has taken, until somebody says that its outcome is known, and on record.</summary>
/// <param name="item">What was sent.</param>
/// <param name="coordinator">Who is told of it.</param>
internal sealed class Delivery(WorkItem item, ICoordinator coordinator)
{
    private const int MaxHeld = 16 * 1024 * 1024; // bytes that it has written and nobody has taken: what comes after that is left out

    private readonly List<Told> _untold = [];
    private int _held;
    private int _next;

    public WorkItem Item { get; private set; } = item;

    /// <summary>Who is told of it.</summary>
    public ICoordinator Coordinator { get; private set; } = coordinator;

    /// <summary>Stops the body; null once it has ended.</summary>
    public IDisposable? Body { get; set; }

    /// <summary>Whether the body still runs, or waits to.</summary>
    public bool IsRunning => Outcome is null;

    /// <summary>What came of it; null while it runs.</summary>
    public Told? Outcome { get; private set; }

    /// <summary>When it ended, by the clock that <see cref="Environment.TickCount64"/> is.</summary>
    public long EndedAt { get; private set; }

    /// <summary>What it is that nobody has taken yet.</summary>
    public IReadOnlyList<Told> Untold => _untold;

    /// <summary>Whether it is being told now.</summary>
    public bool IsTelling { get; set; }

    public void Write(byte[] content)
    {
        if (!IsRunning || (_held > 0 && _held + content.Length > MaxHeld))
            return;
        _held += content.Length;
        _untold.Add(new(Item.Delivery, _next++, End: null, content, Location: null));
    }

    /// <summary>It has waited, and begins now.</summary>
    public void NoteBegun() => _untold.Add(new(Item.Delivery, _next++, End: null, Content: null, Location: null));

    public void End(BodyReport report)
    {
        Outcome = new(Item.Delivery, _next++, report.Kind, report.Parcel.Content, report.Parcel.Location);
        EndedAt = Environment.TickCount64;
        _untold.Add(Outcome);
    }

    /// <summary>These have been taken.</summary>
    public void SetTold(int count)
    {
        for (var i = 0; i < count; i++)
            _held -= _untold[i].End is null ? _untold[i].Content?.Length ?? 0 : 0;
        _untold.RemoveRange(0, count);
    }

    /// <summary>The body has begun: its order is not needed any more.</summary>
    public void ShedOrder() => Item = Item with { Content = null };

    /// <summary>What came of the body is known, and nobody will ask for it again; that it has run is still known here.</summary>
    public void ShedOutcome() => Outcome = Outcome is { } outcome && !_untold.Contains(outcome) ? outcome with { Content = null } : Outcome;

    /// <summary>Another one is to be told of it from now on, of its outcome in any case.</summary>
    public void Adopt(ICoordinator other)
    {
        Coordinator = other;
        if (Outcome is not null && !_untold.Contains(Outcome))
            _untold.Add(Outcome);
    }
}
