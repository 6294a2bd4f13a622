using System.Collections.Concurrent;
using System.Globalization;

namespace PrefectPS.Channels;

/// <summary>A channel in this process's memory.</summary>
public sealed class MemoryChannel : IFlowChannel
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private static readonly ConcurrentDictionary<string, MemoryChannel> Shared = new(StringComparer.Ordinal);

    private readonly TimeProvider _clock;
    private readonly Lazy<MemoryChannel> _deadLetters;
    private readonly List<Item> _items = []; // in sending order
    private long _deliveries;
    private long _messages;

    /// <summary>Creates a private channel.</summary>
    internal MemoryChannel(string name, TimeProvider clock)
    {
        Name = $"memory:{name}";
        _clock = clock;
        _deadLetters = new(() => Shared.TryGetValue(name, out var shared) && shared == this ? Named($"{name}/dead") : new($"{name}/dead", clock));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int MaxDocumentBytes => int.MaxValue;

    /// <inheritdoc/>
    public IFlowChannel DeadLetters => _deadLetters.Value;

    /// <summary>Gets the process-wide channel with this name.</summary>
    public static MemoryChannel Named(string name) => Shared.GetOrAdd(name, each => new(each, TimeProvider.System));

    /// <inheritdoc/>
    public ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_items)
        {
            var due = message.NotBefore ?? DateTimeOffset.MinValue;
            _items.Add(new((++_messages).ToString(CultureInfo.InvariantCulture), message, due));
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        Polling.AskAsync(_ => new(Take(lockTime)), wait, LongestPause, cancellationToken);

    private Delivery? Take(TimeSpan lockTime)
    {
        lock (_items)
        {
            var now = _clock.GetUtcNow();
            if (_items.Find(item => item.Due <= now) is not { } item)
                return null;
            item.Due = now + lockTime;
            item.Holder = ++_deliveries;
            return new(this, item, ++item.Count);
        }
    }

    private bool Change(Item item, long holder, Action change)
    {
        lock (_items)
        {
            if (item.Holder != holder)
                return false;
            change();
            return true;
        }
    }

    private sealed class Item(string id, ChannelMessage message, DateTimeOffset due)
    {
        public string Id => id;

        public ChannelMessage Message => message;

        // When it becomes available: its due time at first, then the end of its lock.
        public DateTimeOffset Due { get; set; } = due;

        public int Count { get; set; }

        public long Holder { get; set; }
    }

    private sealed class Delivery(MemoryChannel channel, Item item, int count) : IDelivery
    {
        private readonly long _holder = item.Holder;

        public ChannelMessage Message => item.Message;

        public string Id => item.Id;

        public int? Count => count;

        public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) => Change(() => channel._items.Remove(item), cancellationToken);

        public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) =>
            Change(() => item.Due = channel._clock.GetUtcNow() + delay, cancellationToken);

        public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) =>
            Change(() => item.Due = channel._clock.GetUtcNow() + time, cancellationToken);

        private ValueTask<bool> Change(Action change, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(channel.Change(item, _holder, change));
        }
    }
}
