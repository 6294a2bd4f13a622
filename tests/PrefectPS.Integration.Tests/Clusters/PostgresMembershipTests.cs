using Npgsql;
using Orleans.Hosting;
using Orleans.Runtime;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Orleans.Membership;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>PostgreSQL, with the tables that a worker creates.</summary>
public sealed class PostgresMembershipTests(EmulatorFixture emulators) : MembershipContract
{
    private string _connection = null!;

    [Fact]
    public async Task Concurrent_updates_and_heartbeats_lose_nothing()
    {
        const int Changes = 200;
        var member = Member(1);
        Assert.True(await InsertAsync(member));
        using var over = new CancellationTokenSource();
        var signs = Enumerable.Range(0, 3).Select(async _ =>
        {
            while (!over.IsCancellationRequested)
                await Table.UpdateIAmAliveAsync(member, Stop);
        }).ToList();
        for (var change = 0; change < Changes; change++)
        {
            member.Status = change % 2 == 0 ? SiloStatus.Active : SiloStatus.ShuttingDown;
            Assert.True(await UpdateAsync(member));
            var data = await Table.ReadRowAsync(member.SiloAddress, Stop);
            Assert.Equal((change + 2, member.Status), (data.Version.Version, Assert.Single(data.Members).Item1.Status));
        }

        await over.CancelAsync();
        await Task.WhenAll(signs);
    }

    [Fact]
    public async Task Concurrent_updates_are_each_applied_once()
    {
        const int Each = 25;
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(1, 6).Select(async writer =>
        {
            for (var made = 0; made < Each;)
            {
                if (await InsertAsync(Member(writer * 100 + made)))
                    made++;
                else
                    Interlocked.Increment(ref refused);
            }
        }));
        var data = await Table.ReadAllAsync(Stop);
        Assert.Equal((6 * Each, 6 * Each), (data.Members.Count, data.Version.Version));
        Assert.True(refused > 0, "No two of them met.");
    }

    [Fact]
    public async Task A_member_does_not_join_twice()
    {
        Assert.True(await InsertAsync(Member(1)));
        Assert.False(await InsertAsync(Member(1)));
        Assert.Equal(1, (await Table.ReadAllAsync(Stop)).Version.Version);
    }

    [Fact]
    public async Task A_missing_member_is_not_updated()
    {
        Assert.False(await Table.UpdateRowAsync(Member(1), string.Empty, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        Assert.Equal(0, (await Table.ReadAllAsync(Stop)).Version.Version);
    }

    private protected override async Task PrepareAsync()
    {
        _connection = await (await emulators.PostgreSqlAsync()).CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync(Stop);
        await MembershipSchema.EnsureAsync(connection, MembershipSchemes.Postgres, Stop);
    }

    private protected override void Use(ISiloBuilder silo) =>
        silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", _connection));

    private protected override void Use(IClientBuilder client) =>
        client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", _connection));
}
