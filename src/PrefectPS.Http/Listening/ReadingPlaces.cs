namespace PrefectPS.Http.Listening;

/// <summary>Bounds how many bodies are read at once.</summary>
/// <param name="count">How many places there are.</param>
/// <param name="evictsOldest">
/// Whether one more takes the place of the oldest, who is cut off; else it gets none. A body that comes in one go is read in no time, so whoever
/// has been reading for longest is the one to suspect.
/// </param>
internal sealed class ReadingPlaces(int count, bool evictsOldest)
{
    private readonly LinkedList<Place> _taken = new();

    /// <summary>Takes a place; null where there is none.</summary>
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

    /// <summary>A place; it is free again when it is disposed of.</summary>
    internal sealed class Place : IDisposable
    {
        private readonly ReadingPlaces _places;
        private readonly CancellationTokenSource _evicted = new();

        public Place(ReadingPlaces places) => (_places, Node) = (places, new(this));

        /// <summary>Signalled when the place is another's.</summary>
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
                // It has just left by itself.
            }
        }
    }
}
