using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using Orleans.Runtime;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>The contract of a membership store, tested through Orleans' client. Each test has its own cluster.</summary>
public abstract class MembershipContract : IAsyncLifetime
{
    private readonly string _cluster = $"c{Guid.NewGuid():n}";
    private readonly List<IHost> _hosts = [];
    private protected IMembershipTable Table { get; private set; } = null!;

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A time that every store represents exactly.</summary>
    private static DateTime Now { get; } = DateTime.UnixEpoch.AddSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        Table = await OpenAsync(_cluster);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            host.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_new_cluster_has_a_version_and_no_members()
    {
        var data = await Table.ReadAllAsync(Stop);
        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.Empty((await Table.ReadRowAsync(Address(1), Stop)).Members);
    }

    [Fact]
    public async Task Concurrent_joins_form_one_cluster()
    {
        var tables = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => OpenAsync(_cluster)));
        Assert.True(await InsertAsync(Member(1)));
        foreach (var table in tables)
            Assert.Single((await table.ReadAllAsync(Stop)).Members);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2001:db8::17")]
    public async Task A_member_round_trips(string ip)
    {
        var member = Member(1, ip);
        member.SiloName = "worker 'ü' \"1\"";
        Assert.True(await InsertAsync(member));
        member.Status = SiloStatus.Active;
        member.AddSuspector(Address(2), Now.AddSeconds(-3));
        member.AddSuspector(Address(3, ip), Now.AddSeconds(-2));
        Assert.True(await UpdateAsync(member));

        foreach (var data in new[] { await Table.ReadAllAsync(Stop), await Table.ReadRowAsync(member.SiloAddress, Stop) })
        {
            var read = Assert.Single(data.Members).Item1;
            Assert.Equal(member.SiloAddress, read.SiloAddress);
            Assert.Equal((member.SiloName, member.HostName, member.Status, member.ProxyPort), (read.SiloName, read.HostName, read.Status, read.ProxyPort));
            Assert.Equal((member.StartTime, member.IAmAliveTime), (read.StartTime, read.IAmAliveTime));
            Assert.Equal(member.SuspectTimes, read.SuspectTimes);
            Assert.Equal(2, data.Version.Version);
        }
    }

    [Fact]
    public async Task Of_concurrent_joins_at_one_version_one_succeeds()
    {
        var version = (await Table.ReadAllAsync(Stop)).Version.Next();
        var joined = await Task.WhenAll(Enumerable.Range(1, 12).Select(port => Table.InsertRowAsync(Member(port), version, Stop)));
        Assert.Single(joined, each => each);
        var data = await Table.ReadAllAsync(Stop);
        Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task Of_concurrent_updates_at_one_version_one_succeeds()
    {
        foreach (var port in Enumerable.Range(1, 6))
            Assert.True(await InsertAsync(Member(port)));
        var data = await Table.ReadAllAsync(Stop);
        var changed = await Task.WhenAll(data.Members.Select(each => Table.UpdateRowAsync(With(each.Item1, SiloStatus.Active), each.Item2, data.Version.Next(), Stop)));
        Assert.Single(changed, each => each);
        data = await Table.ReadAllAsync(Stop);
        Assert.Single(data.Members, each => each.Item1.Status == SiloStatus.Active);
        Assert.Equal(7, data.Version.Version);
    }

    [Fact]
    public async Task A_heartbeat_changes_only_its_time()
    {
        var member = Member(1);
        Assert.True(await InsertAsync(member));
        await Table.UpdateIAmAliveAsync(new() { SiloAddress = member.SiloAddress, IAmAliveTime = Now.AddMinutes(5) }, Stop);
        var data = await Table.ReadAllAsync(Stop);
        var read = Assert.Single(data.Members).Item1;
        Assert.Equal((Now.AddMinutes(5), member.StartTime, member.Status, member.HostName), (read.IAmAliveTime, read.StartTime, read.Status, read.HostName));
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task Cleanup_removes_members_that_died_long_ago()
    {
        var port = 0;
        foreach (var status in new[] { SiloStatus.Joining, SiloStatus.Active, SiloStatus.Dead })
            Assert.True(await InsertAsync(With(Member(++port), status)));
        Assert.True(await InsertAsync(Old(With(Member(++port), SiloStatus.Dead))));
        Assert.True(await InsertAsync(Old(With(Member(++port), SiloStatus.Active))));
        var lately = Old(With(Member(++port), SiloStatus.Dead));
        lately.IAmAliveTime = Now;
        Assert.True(await InsertAsync(lately));

        await Table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddDays(-1)), Stop);
        Assert.Equal([1, 2, 3, 5, 6], (await Table.ReadAllAsync(Stop)).Members.Select(each => each.Item1.SiloAddress.Endpoint.Port).Order());
    }

    [Fact]
    public async Task Clients_get_the_gateways_of_active_members()
    {
        var noGateway = With(Member(2), SiloStatus.Active);
        noGateway.ProxyPort = 0;
        foreach (var member in new[] { With(Member(1), SiloStatus.Active), noGateway, With(Member(3), SiloStatus.Dead), With(Member(4), SiloStatus.Joining) })
            Assert.True(await InsertAsync(member));

        var host = new HostBuilder().UseOrleansClient((_, client) => Use(client.Configure<ClusterOptions>(Identify(_cluster)))).Build();
        var gateways = Keep(host).Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();
        Assert.Equal(Member(1).ProxyPort, Assert.Single(await gateways.GetGateways()).Port);
    }

    [Fact]
    public async Task Deleting_a_cluster_leaves_the_others()
    {
        var other = await OpenAsync($"{_cluster}other");
        Assert.True(await InsertAsync(Member(1)));
        Assert.True(await other.InsertRowAsync(Member(1), (await other.ReadAllAsync(Stop)).Version.Next(), Stop));
        await Table.DeleteMembershipTableEntriesAsync(_cluster, Stop);
        Assert.Single((await other.ReadAllAsync(Stop)).Members);
        Assert.Empty((await (await OpenAsync(_cluster)).ReadAllAsync(Stop)).Members);
    }

    /// <summary>Makes the store ready.</summary>
    private protected abstract Task PrepareAsync();

    /// <summary>Has a silo keep its membership in the store.</summary>
    private protected abstract void Use(ISiloBuilder silo);

    /// <summary>Has a client look for gateways in the store.</summary>
    private protected abstract void Use(IClientBuilder client);

    private protected static SiloAddress Address(int port, string ip = "127.0.0.1") => SiloAddress.New(IPAddress.Parse(ip), port, 1_234_567);

    private protected static MembershipEntry Member(int port, string ip = "127.0.0.1") => new()
    {
        SiloAddress = Address(port, ip),
        SiloName = $"silo {port}",
        HostName = "a-host",
        Status = SiloStatus.Joining,
        ProxyPort = 30_000 + port,
        StartTime = Now.AddSeconds(-9),
        IAmAliveTime = Now,
    };

    private protected async Task<bool> InsertAsync(MembershipEntry member) => await Table.InsertRowAsync(member, (await Table.ReadAllAsync(Stop)).Version.Next(), Stop);

    private protected async Task<bool> UpdateAsync(MembershipEntry member)
    {
        var data = await Table.ReadAllAsync(Stop);
        return await Table.UpdateRowAsync(member, data.Members.Single(each => each.Item1.SiloAddress.Equals(member.SiloAddress)).Item2, data.Version.Next(), Stop);
    }

    private static MembershipEntry With(MembershipEntry member, SiloStatus status)
    {
        member.Status = status;
        return member;
    }

    private static MembershipEntry Old(MembershipEntry member)
    {
        member.StartTime = member.IAmAliveTime = Now.AddDays(-10);
        return member;
    }

    private static Action<ClusterOptions> Identify(string cluster) => options => (options.ClusterId, options.ServiceId) = (cluster, "tests");

    private async Task<IMembershipTable> OpenAsync(string cluster)
    {
        var host = new HostBuilder().UseOrleans((_, silo) => Use(silo.Configure<ClusterOptions>(Identify(cluster)))).Build();
        var table = Keep(host).Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Stop);
        return table;
    }

    private IHost Keep(IHost host)
    {
        _hosts.Add(host);
        return host;
    }
}
