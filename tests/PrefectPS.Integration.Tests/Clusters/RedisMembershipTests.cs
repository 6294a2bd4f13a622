using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using PrefectPS.Integration.Tests.Emulators;
using StackExchange.Redis;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>Redis.</summary>
public sealed class RedisMembershipTests(EmulatorFixture emulators) : MembershipContract
{
    private int _port;

    private protected override async Task PrepareAsync() => _port = (await emulators.RedisAsync()).Port;

    private protected override void Use(ISiloBuilder silo) => silo.UseRedisClustering(options => options.ConfigurationOptions = Options);

    private protected override void Use(IClientBuilder client) => client.UseRedisClustering(options => options.ConfigurationOptions = Options);

    private ConfigurationOptions Options => new() { EndPoints = { { "127.0.0.1", _port } } };
}
