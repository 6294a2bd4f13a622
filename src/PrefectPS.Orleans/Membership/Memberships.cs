using System.Net;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using PrefectPS.Cluster;
using StackExchange.Redis;

namespace PrefectPS.Orleans.Membership;

/// <summary>Creates the membership that a cluster's address names.</summary>
internal static class Memberships
{
    /// <summary>Creates the membership.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is invalid or of an unknown scheme.</exception>
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
        var options = Read(cluster, () => cluster.ConnectionString is { } given ? ConfigurationOptions.Parse(given) : OptionsOf(cluster));
        options.AbortOnConnectFail = false; // the client reconnects
        options.ConnectTimeout = 5000; // ms
        return new(
            cluster,
            worker => worker.UseRedisClustering(redis => redis.ConfigurationOptions = options.Clone()),
            step => step.UseRedisClustering(redis => redis.ConfigurationOptions = options.Clone()),
            [.. options.EndPoints.Select(ServerOf).OfType<ServerEndpoint>()],
            _ => PingAsync(cluster, options),
            _ => PingAsync(cluster, options));
    }

    // The multiplexer's own timeout message is about its internal queues, so a plain connection is tried first.
    private static async Task PingAsync(FlowCluster cluster, ConfigurationOptions options)
    {
        var once = options.Clone();
        (once.AbortOnConnectFail, once.ConnectRetry) = (true, 1);
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(once);
            await connection.GetDatabase().PingAsync();
        }
        catch (RedisConnectionException e)
        {
            throw ClusterErrors.MembershipUnreachable(cluster, $"{e.FailureType}: {e.InnerException?.Message ?? "what listens there does not answer as Redis does"}", e);
        }
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

    private static ServerEndpoint? ServerOf(EndPoint endpoint) => endpoint switch
    {
        DnsEndPoint name => new(name.Host, name.Port),
        IPEndPoint address => new(address.Address.ToString(), address.Port),
        _ => null,
    };

    /// <summary>Parses the address as a URI.</summary>
    public static Uri UriOf(FlowCluster cluster)
    {
        if (!Uri.TryCreate(cluster.Address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw ClusterErrors.AddressUnknown(cluster);
        return uri.Query.Length + uri.Fragment.Length == 0 ? uri : throw ClusterErrors.AddressWithOptions(cluster); // an option that asks for TLS must not be ignored
    }

    /// <summary>Parses a connection string with the server's client library.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is malformed. The client's message is dropped, as it may quote a secret.</exception>
    public static T Read<T>(FlowCluster cluster, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not FlowException)
        {
            throw ClusterErrors.ConnectionStringUnknown(cluster);
        }
    }

    /// <summary>The server's user and password: those given, or else those in the address.</summary>
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
