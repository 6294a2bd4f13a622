using Microsoft.Data.Sqlite;
using PrefectPS;
using PrefectPS.Storage;

namespace SqliteFlow;

/// <summary>The content of an object, read from the database in parts. Disposing it also closes its transaction and connection.</summary>
internal sealed class SqliteContent(SqliteBlob blob, SqliteTransaction transaction, SqliteConnection connection, Func<StoreFault, FlowException> fail) : ReadOnlyStream
{
    /// <summary>The size in bytes.</summary>
    public long Size { get; } = blob.Length;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return blob.Read(buffer);
        }
        catch (Exception e) when (SqliteDatabase.FaultOf(e) is { } fault)
        {
            throw fail(fault);
        }
    }

    protected override ValueTask<int> TakeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(buffer.Span));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            blob.Dispose();
            transaction.Dispose();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}
