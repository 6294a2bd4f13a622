using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace PrefectPS.Running;

/// <summary>What some threads hand to another, in order. Who waits for it sleeps.</summary>
/// <remarks>
/// As <see cref="System.Collections.Concurrent.BlockingCollection{T}"/>, which spins before it sleeps: with a thread for each place that took a third of the time of a machine
/// of two cores from the bodies.
/// </remarks>
public sealed class WorkQueue<T>
{
    private readonly object _gate = new();
    private readonly Queue<T> _items = new();
    private bool _isComplete;

    /// <summary>Adds something.</summary>
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

    /// <summary>Takes no more; what is in the queue is still to be taken.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes something that is there.</summary>
    internal bool TryTake([MaybeNullWhen(false)] out T item) => TryTake(out item, TimeSpan.Zero, CancellationToken.None);

    /// <summary>Waits for something.</summary>
    /// <param name="item">What it takes.</param>
    /// <param name="patience">How long it waits; null for until the queue is completed.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <returns>Whether it has taken something: else there was nothing for as long, or nothing will ever be there.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
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

    // Whether it is worth while to look again.
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
