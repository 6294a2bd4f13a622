using System.Globalization;
using PrefectPS.Channels;

namespace SqliteFlow;

/// <summary>A delivery. It holds the message as long as the row names its holder id.</summary>
internal sealed class SqliteDelivery(SqliteChannel channel, long key, int count, string holder, ChannelMessage message) : IDelivery
{
    public ChannelMessage Message => message;

    public string Id { get; } = key.ToString(CultureInfo.InvariantCulture);

    public int? Count => count;

    /// <summary>The key of the message's row.</summary>
    public long Key => key;

    /// <summary>The id of this delivery, which no other delivery of the message has.</summary>
    public string Holder => holder;

    public ValueTask<bool> CompleteAsync(CancellationToken cancellationToken) =>
        channel.ChangeAsync(this, "complete a message", "DELETE FROM messages", TimeSpan.Zero, cancellationToken);

    public ValueTask<bool> AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        channel.ChangeAsync(this, "put a message back", "UPDATE messages SET due = $due", delay, cancellationToken);

    public ValueTask<bool> ExtendAsync(TimeSpan time, CancellationToken cancellationToken) =>
        channel.ChangeAsync(this, "extend a lock", "UPDATE messages SET due = $due", time, cancellationToken);
}
