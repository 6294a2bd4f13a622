using Microsoft.Data.Sqlite;
using PrefectPS.Contracts;
using PrefectPS.Storage;

namespace SqliteFlow.Tests;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sqliteflow-").FullName;

    [Fact]
    public Task The_size_of_an_object_does_not_matter_to_memory() => AssertStreamsAsync();

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools(); // they keep the file open
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    protected override ValueTask<IFlowStore> CreateAsync() => new(OpenAgain());

    protected override IFlowStore OpenAgain() => new SqliteStore(Path.Combine(_folder, "flows.db"));
}
