using Microsoft.Data.Sqlite;
using PrefectPS;
using PrefectPS.Storage;

namespace SqliteFlow;

/// <summary>The database file of a store and channels. The first call creates the file and its tables.</summary>
internal sealed class SqliteDatabase(string path)
{
    private const int Busy = 5;
    private const int Locked = 6;

    private readonly string _path = Path.GetFullPath(path);
    private volatile bool _isCreated;

    /// <summary>The address of the file: <c>sqlite:///folder/file.db</c>.</summary>
    public string Address { get; } = $"sqlite{new Uri(Path.GetFullPath(path)).AbsoluteUri["file".Length..]}";

    /// <summary>Makes a call on a connection of its own, and turns errors of SQLite into the error of the contract.</summary>
    /// <param name="call">The call.</param>
    /// <param name="fail">Creates the error of a fault.</param>
    public T Call<T>(Func<SqliteConnection, T> call, Func<StoreFault, FlowException> fail)
    {
        try
        {
            using var connection = Open();
            return call(connection);
        }
        catch (Exception e) when (FaultOf(e) is { } fault)
        {
            throw fail(fault);
        }
    }

    /// <summary>Opens a connection.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            // A call waits for the writes of others; after this time, until the time limit of its command.
            connection.Execute("PRAGMA busy_timeout = 5000");
            if (!_isCreated)
                CreateTables(connection);
            _isCreated = true;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The fault of an exception of SQLite or the file system; null for another exception.</summary>
    public static StoreFault? FaultOf(Exception e) =>
        e is SqliteException error ? new(error.Message.TrimEnd('.'), error.SqliteErrorCode is Busy or Locked, error) : StoreFault.OfFile(e);

    // With a write-ahead log, a reader sees the database as it was at its start, and does not wait for a writer.
    private static void CreateTables(SqliteConnection connection) => connection.Execute(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS objects (path TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, modified INTEGER NOT NULL, content BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, due INTEGER NOT NULL, count INTEGER NOT NULL DEFAULT 0, holder TEXT,
            flow TEXT, run TEXT, step INTEGER, not_before INTEGER, reason TEXT, document BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS messages_by_channel ON messages (channel, id);
        """);
}
