using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using PrefectPS.Channels;
using PrefectPS.Contracts;

namespace SqliteFlow.Tests;

public sealed class SqliteChannelTests : ChannelContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sqliteflow-").FullName;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(60));

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools(); // they keep the file open
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    protected override ValueTask<IFlowChannel> CreateAsync() => new(OpenAgain());

    protected override IFlowChannel OpenAgain() => new SqliteChannel(Path.Combine(_folder, "flows.db"), "steps", _clock);

    protected override ValueTask PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return default;
    }
}
