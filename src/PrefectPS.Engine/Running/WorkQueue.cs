using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PrefectPS.Running;

/// <summary>A FIFO queue between threads, whose consumer blocks without spinning.</summary>
/// <remarks>
/// <see cref="System.Collections.Concurrent.BlockingCollection{T}"/> spins before it blocks: with a thread per slot, that cost the bodies a third of the
/// CPU time of a two-core machine.
/// </remarks>
public sealed class WorkQueue<T>
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private bool _isComplete;

    /// <summary>Adds an item.</summary>
    /// <exception cref="InvalidOperationException">The queue was completed.</exception>
    public void Add(T item)
    {
        lock (_gate)
        {
            if (_isComplete)
                throw new InvalidOperationException("The queue takes no more.");
            _items.Enqueue(item);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Completes adding; queued items can still be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes an item if there is one.</summary>
    internal bool TryTake([MaybeNullWhen(false)] out T item) => TryTake(out item, TimeSpan.Zero, CancellationToken.None);

    /// <summary>Waits for an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="patience">Maximum wait; null to wait until the queue is completed.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>True if an item was taken; false on timeout or if the queue is completed.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool TryTake([MaybeNullWhen(false)] out T item, TimeSpan? patience, CancellationToken stop)
    {
        using var wake = stop.CanBeCanceled ? stop.Register(WakeAll) : default;
        var since = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if (_items.Count > 0)
                {
                    item = _items.Dequeue();
                    return true;
                }

                if (_isComplete || !Wait(patience, since))
                {
                    item = default;
                    return false;
                }
            }
        }
    }

    // False on timeout.
    private bool Wait(TimeSpan? patience, long since)
    {
        if (patience is not { } some)
            return Monitor.Wait(_gate);
        var left = some - TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - since) / (double)Stopwatch.Frequency);
        if (left <= TimeSpan.Zero)
            return false;
        Monitor.Wait(_gate, (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
        return true;
    }

    private void WakeAll()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
