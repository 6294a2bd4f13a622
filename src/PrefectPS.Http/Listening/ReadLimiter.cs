namespace PrefectPS.Http.Listening;

/// <summary>Limits the number of bodies read concurrently.</summary>
/// <param name="count">The limit.</param>
/// <param name="evictsOldest">
/// Whether a further read evicts the oldest one, else it is rejected. A body normally arrives at once, so the slowest reader is the most suspicious.
/// </param>
internal sealed class ReadLimiter(int count, bool evictsOldest)
{
    private readonly LinkedList<Place> _taken = new();

    /// <summary>Enters; null where the limit is reached.</summary>
    public Place? Enter()
    {
        Place? evicted = null;
        var place = new Place(this);
        lock (_taken)
        {
            if (_taken.Count >= count)
            {
                if (!evictsOldest)
                    return null;
                evicted = _taken.First!.Value;
                _taken.RemoveFirst();
            }

            _taken.AddLast(place.Node);
        }

        evicted?.Evict();
        return place;
    }

    private void Leave(LinkedListNode<Place> node)
    {
        lock (_taken)
        {
            if (node.List is not null)
                _taken.Remove(node);
        }
    }

    /// <summary>A slot, freed on disposal.</summary>
    internal sealed class Place : IDisposable
    {
        private readonly ReadLimiter _places;
        private readonly CancellationTokenSource _evicted = new();

        public Place(ReadLimiter places) => (_places, Node) = (places, new(this));

        /// <summary>Cancelled when the slot was evicted.</summary>
        public CancellationToken Evicted => _evicted.Token;

        internal LinkedListNode<Place> Node { get; }

        public void Dispose()
        {
            _places.Leave(Node);
            _evicted.Dispose();
        }

        internal void Evict()
        {
            try
            {
                _evicted.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has left meanwhile.
            }
        }
    }
}
