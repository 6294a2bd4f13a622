using Microsoft.Data.Sqlite;
using PrefectPS;
using PrefectPS.Channels;

namespace SqliteFlow;

/// <summary>A channel in a SQLite file: a message is a row with a due time, which is the message's own at first and the end of the lock once it was received.</summary>
/// <param name="path">The file.</param>
/// <param name="name">The name of the channel in the file.</param>
/// <param name="clock">The clock; the system clock by default.</param>
public sealed class SqliteChannel(string path, string name, TimeProvider? clock = null) : IFlowChannel
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);

    private readonly SqliteDatabase _database = new(path);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <inheritdoc/>
    public string Name => $"{_database.Address}#{name}";

    /// <inheritdoc/>
    public int MaxDocumentBytes => 16 * 1024 * 1024;

    /// <inheritdoc/>
    public IFlowChannel DeadLetters => new SqliteChannel(path, $"{name}/dead", clock);

    /// <inheritdoc/>
    public ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (message.Document.Length > MaxDocumentBytes)
            throw ProviderErrors.MessageTooLarge(this, message.Document.Length);
        Call("send", connection => connection.Execute(
            """
            INSERT INTO messages (channel, due, flow, run, step, not_before, reason, document)
            VALUES ($channel, $due, $flow, $run, $step, $notBefore, $reason, $document)
            """,
            ("$channel", name), ("$due", message.NotBefore?.ToUnixTimeMilliseconds() ?? 0), ("$flow", message.Flow), ("$run", message.RunId), ("$step", message.Step),
            ("$notBefore", message.NotBefore?.ToUnixTimeMilliseconds()), ("$reason", message.Reason), ("$document", message.Document)));
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        Polling.AskAsync(_ => new(Take(lockTime)), wait, LongestPause, cancellationToken);

    /// <summary>Changes a message if a delivery still holds it.</summary>
    internal ValueTask<bool> ChangeAsync(SqliteDelivery delivery, string operation, string sql, TimeSpan time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var due = (_clock.GetUtcNow() + time).ToUnixTimeMilliseconds();
        return new(Call(operation, connection => connection.Execute(
            $"{sql} WHERE id = $id AND holder = $holder", ("$id", delivery.Key), ("$holder", delivery.Holder), ("$due", due)) > 0));
    }

    // One statement finds a message and locks it, so that no two receivers get the same one.
    private SqliteDelivery? Take(TimeSpan lockTime)
    {
        var (holder, now) = (Guid.NewGuid().ToString("n"), _clock.GetUtcNow());
        return Call("receive", connection => connection.Query(
            """
            UPDATE messages SET due = $until, count = count + 1, holder = $holder
            WHERE id = (SELECT id FROM messages WHERE channel = $channel AND due <= $now ORDER BY id LIMIT 1)
            RETURNING id, count, flow, run, step, not_before, reason, document
            """,
            row => new SqliteDelivery(this, row.GetInt64(0), row.GetInt32(1), holder, MessageOf(row)),
            ("$channel", name), ("$now", now.ToUnixTimeMilliseconds()), ("$until", (now + lockTime).ToUnixTimeMilliseconds()), ("$holder", holder)).FirstOrDefault());
    }

    private static ChannelMessage MessageOf(SqliteDataReader row) => new((byte[])row.GetValue(7))
    {
        Flow = row.Text(2),
        RunId = row.Text(3),
        Step = row.IsDBNull(4) ? null : row.GetInt32(4),
        NotBefore = row.Time(5),
        Reason = row.Text(6),
    };

    private T Call<T>(string operation, Func<SqliteConnection, T> call) => _database.Call(call, fault => ProviderErrors.ChannelFailed(this, operation, fault));
}
