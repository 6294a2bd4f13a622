using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using PrefectPS;
using PrefectPS.Storage;

namespace SqliteFlow;

/// <summary>A store in a SQLite file: an object is a row.</summary>
/// <param name="path">The file.</param>
public sealed class SqliteStore(string path) : ILocalStore, IFolderLister
{
    private const int PageSize = 1000;
    private const int MostInMemory = 1024 * 1024;

    private readonly SqliteDatabase _database = new(path);

    /// <inheritdoc/>
    public string Name => _database.Address;

    /// <inheritdoc/>
    public string Address => _database.Address;

    /// <inheritdoc/>
    public ValueTask<StoredObject?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = StorePath.Check(path);
        SqliteConnection? connection = null;
        try
        {
            // The transaction is the reader's snapshot. It stays open until the object is disposed.
            connection = _database.Open();
            var transaction = connection.BeginTransaction(deferred: true);
            var rows = connection.Query("SELECT rowid, version FROM objects WHERE path = $path", row => (Id: row.GetInt64(0), Version: row.GetString(1)), ("$path", key));
            if (rows is not [var (id, version)])
            {
                transaction.Dispose();
                connection.Dispose();
                return default;
            }

            var content = new SqliteContent(new(connection, "objects", "content", id, readOnly: true), transaction, connection, fault => Failed("read", path, fault));
            return new(new StoredObject(content, content.Size, () => version));
        }
        catch (Exception e) when (SqliteDatabase.FaultOf(e) is { } fault)
        {
            connection?.Dispose();
            throw Failed("read", path, fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string path, Stream content, WriteCondition condition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = StorePath.Check(path);
        // The content is read before the database is locked, so that a slow stream does not block others. Large content is buffered in a file.
        using Stream whole = content.CanSeek && content.Length - content.Position <= MostInMemory ? new MemoryStream() : TemporaryFile();
        await content.CopyToAsync(whole, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        whole.Position = 0;
        return Call("write", path, connection =>
        {
            // This transaction locks out other writers: the version cannot change before the commit.
            using var transaction = connection.BeginTransaction(deferred: false);
            var found = VersionOf(connection, key);
            if (condition.IsAbsent ? found is not null : condition.Version is { } wanted && wanted != found)
                throw ProviderErrors.StoreConflict(Name, path, condition);
            var version = Guid.NewGuid().ToString("n");
            var row = connection.Query(
                """
                INSERT INTO objects (path, version, modified, content) VALUES ($path, $version, $modified, zeroblob($length))
                ON CONFLICT (path) DO UPDATE SET version = excluded.version, modified = excluded.modified, content = excluded.content RETURNING rowid
                """,
                row => row.GetInt64(0),
                ("$path", key), ("$version", version), ("$modified", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), ("$length", whole.Length));
            using (var blob = new SqliteBlob(connection, "objects", "content", row[0]))
                whole.CopyTo(blob);
            transaction.Commit();
            return version;
        });
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, string? version, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var key = StorePath.Check(path);
        return new(Call("delete", path, connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            if (version is not null && VersionOf(connection, key) is { } found && found != version)
                throw ProviderErrors.StoreConflict(Name, path, WriteCondition.IfVersion(version));
            var isDeleted = connection.Execute("DELETE FROM objects WHERE path = $path", ("$path", key)) > 0;
            transaction.Commit();
            return isDeleted;
        }));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreEntry> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = StorePath.CheckPrefix(prefix);
        await default(ValueTask);
        for (var (from, page) = (start, new List<StoreEntry>()); ; from = page[^1].Path + '\0')
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = Call("list", prefix, connection => connection.Query(
                $"SELECT path, length(content), modified FROM objects WHERE path >= $from AND path < $end ORDER BY path LIMIT {PageSize}",
                row => new StoreEntry(row.GetString(0), row.GetInt64(1), row.Time(2)!.Value),
                ("$from", from), ("$end", EndOf(start))));
            foreach (var entry in page)
                yield return entry;
            if (page.Count < PageSize)
                yield break;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FoldersIn(string folder)
    {
        var start = StorePath.CheckPrefix(folder);
        return Call("list", folder, connection =>
        {
            var names = new List<string>();
            // Skips from folder to folder without reading what is in them: '0' is the character after '/'.
            for (var from = start; First(connection, from, EndOf(start)) is { } path;)
            {
                var slash = path.IndexOf('/', start.Length);
                if (slash >= 0)
                    names.Add(path[start.Length..slash]);
                from = slash >= 0 ? path[..slash] + '0' : path + '\0';
            }

            return names;
        });
    }

    private static string? First(SqliteConnection connection, string from, string end) => connection.Query(
        "SELECT path FROM objects WHERE path >= $from AND path < $end ORDER BY path LIMIT 1", row => row.GetString(0), ("$from", from), ("$end", end)).FirstOrDefault();

    private static string? VersionOf(SqliteConnection connection, string key) =>
        connection.Query("SELECT version FROM objects WHERE path = $path", row => row.GetString(0), ("$path", key)).FirstOrDefault();

    // Sorts after every path with the prefix.
    private static string EndOf(string prefix) => prefix + "\U0010FFFF";

    private static FileStream TemporaryFile() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 64 * 1024, FileOptions.DeleteOnClose);

    private T Call<T>(string operation, string path, Func<SqliteConnection, T> call) => _database.Call(call, fault => Failed(operation, path, fault));

    private FlowException Failed(string operation, string path, StoreFault fault) => ProviderErrors.StoreFailed(Name, operation, path, fault);
}
