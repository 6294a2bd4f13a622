using Microsoft.AspNetCore.Connections;

namespace PrefectPS.Http.Serving;

/// <summary>
/// The open connections, up to a limit. One too many evicts the oldest idle one, so that silent connections lock nobody out; connections without a first request time
/// out.
/// </summary>
internal sealed class OpenConnections : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(0.5);

    private readonly LinkedList<Connection> _idle = new(); // oldest first
    private readonly int _most;
    private readonly TimeSpan _firstTime;
    private readonly TimeProvider _clock;
    private readonly Timer _timer;
    private int _count;

    /// <param name="most">The limit.</param>
    /// <param name="firstTime">The timeout of a connection's first request.</param>
    /// <param name="clock">The clock.</param>
    public OpenConnections(int most, TimeSpan firstTime, TimeProvider clock)
    {
        (_most, _firstTime, _clock) = (most, firstTime, clock);
        _timer = new(_ => CloseSilent(), state: null, Pause, Pause);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Serves a connection until it closes.</summary>
    public async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new Connection(this, context, _clock.GetTimestamp());
        if (!TryEnter(connection))
        {
            context.Abort();
            return;
        }

        context.Features.Set(connection);
        try
        {
            await next(context);
        }
        finally
        {
            Leave(connection);
        }
    }

    private bool TryEnter(Connection connection)
    {
        Connection? oldest = null;
        lock (_idle)
        {
            if (_count >= _most)
            {
                if (_idle.First is null)
                    return false;
                oldest = _idle.First.Value;
                Remove(oldest);
            }

            _count++;
            _idle.AddLast(connection.Node);
        }

        oldest?.Close();
        return true;
    }

    private void CloseSilent()
    {
        var silent = new List<Connection>();
        lock (_idle)
        {
            for (var node = _idle.First; node is not null && _clock.GetElapsedTime(node.Value.Opened) >= _firstTime;)
            {
                var connection = node.Value;
                node = node.Next;
                if (connection.HasServed)
                    continue;
                Remove(connection);
                silent.Add(connection);
            }
        }

        foreach (var connection in silent)
            connection.Close();
    }

    private void Leave(Connection connection)
    {
        lock (_idle)
            Remove(connection);
    }

    private void Remove(Connection connection)
    {
        if (connection.IsGone)
            return;
        connection.IsGone = true;
        _count--;
        if (connection.Node.List is not null)
            _idle.Remove(connection.Node);
    }

    /// <summary>An open connection.</summary>
    internal sealed class Connection
    {
        private readonly OpenConnections _all;
        private readonly ConnectionContext _context;

        public Connection(OpenConnections all, ConnectionContext context, long opened)
        {
            (_all, _context, Opened) = (all, context, opened);
            Node = new(this);
        }

        internal LinkedListNode<Connection> Node { get; }

        internal long Opened { get; }

        internal bool HasServed { get; private set; }

        internal bool IsGone { get; set; }

        /// <summary>Protects it from eviction while a request runs.</summary>
        public IDisposable Work()
        {
            lock (_all._idle)
            {
                HasServed = true;
                if (Node.List is not null)
                    _all._idle.Remove(Node);
            }

            return new Request(this);
        }

        /// <summary>Closes it shortly, when the response has been sent, without draining the request.</summary>
        public void CloseSoon() => _ = Task.Delay(Linger).ContinueWith(_ => Close(), TaskScheduler.Default);

        internal void Close() => _context.Abort();

        private void Rest()
        {
            lock (_all._idle)
            {
                if (!IsGone)
                    _all._idle.AddLast(Node);
            }
        }

        private sealed class Request(Connection connection) : IDisposable
        {
            public void Dispose() => connection.Rest();
        }
    }
}
