using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using PrefectPS.Cluster;
using StackExchange.Redis;

namespace PrefectPS.Orleans.Membership;

/// <summary>The membership that the address of a cluster names.</summary>
internal static class Memberships
{
    /// <summary>The membership.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address names none that there is.</exception>
    public static IMembership Of(FlowCluster cluster) => Storage.StoreAddress.SchemeOf(cluster.Address) switch
    {
        null => Local(cluster),
        "redis" or "rediss" => Redis(cluster),
        MembershipSchemes.Postgres or "postgresql" => SqlMembership.Postgres(cluster),
        MembershipSchemes.SqlServer => SqlMembership.SqlServer(cluster),
        "aztable" => TableMembership.Of(cluster),
        _ => throw ClusterErrors.AddressUnknown(cluster),
    };

    private static LocalMembership Local(FlowCluster cluster)
    {
        var parts = cluster.Address.Split(':');
        if (!parts[0].Equals("localhost", StringComparison.OrdinalIgnoreCase) || parts.Length > 2)
            throw ClusterErrors.AddressUnknown(cluster);
        if (parts.Length == 1)
            return new(LocalMembership.UsualPort);
        return ushort.TryParse(parts[1], out var port) && port is > 0 and < ushort.MaxValue ? new(port) : throw ClusterErrors.AddressUnknown(cluster);
    }

    private static ServerMembership Redis(FlowCluster cluster)
    {
        var options = cluster.ConnectionString is { } given ? ConfigurationOptions.Parse(given) : OptionsOf(cluster);
        options.AbortOnConnectFail = false; // it is tried again
        options.ConnectTimeout = 5000; // ms
        return new(
            worker => worker.UseRedisClustering(redis => redis.ConfigurationOptions = options.Clone()),
            step => step.UseRedisClustering(redis => redis.ConfigurationOptions = options.Clone()),
            async _ =>
            {
                var once = options.Clone();
                once.AbortOnConnectFail = true;
                await using var connection = await ConnectionMultiplexer.ConnectAsync(once);
                await connection.GetDatabase().PingAsync();
            });
    }

    private static ConfigurationOptions OptionsOf(FlowCluster cluster)
    {
        var uri = UriOf(cluster);
        var options = new ConfigurationOptions { Ssl = uri.Scheme == "rediss" };
        options.EndPoints.Add(uri.Host, uri.IsDefaultPort || uri.Port < 0 ? 6379 : uri.Port);
        var (user, password) = CredentialOf(cluster, uri);
        if (user is { Length: > 0 } && user != "default")
            options.User = user;
        if (password is not null)
            options.Password = password;
        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
            options.DefaultDatabase = int.TryParse(database, out var number) && number >= 0 ? number : throw ClusterErrors.AddressUnknown(cluster);
        return options;
    }

    /// <summary>The address as a URI.</summary>
    public static Uri UriOf(FlowCluster cluster) =>
        Uri.TryCreate(cluster.Address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri : throw ClusterErrors.AddressUnknown(cluster);

    /// <summary>The name and password for the server: those given, or else those in the address.</summary>
    public static (string? User, string? Password) CredentialOf(FlowCluster cluster, Uri uri)
    {
        if (cluster.UserName is not null || cluster.Password is not null)
            return (cluster.UserName, cluster.Password);
        if (uri.UserInfo.Length == 0)
            return (null, null);
        var parts = uri.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : null);
    }
}
