using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Serialization;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Workers;

namespace PrefectPS.Orleans;

/// <summary>What workers and steps of a cluster have to have alike.</summary>
internal static class SiloSettings
{
    /// <summary>How many probes a worker may miss.</summary>
    private const int MissedProbes = 3;

    /// <summary>How long an answer of another process may take: what takes long, such as a body, is asked for and told of later.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How many signs of life a worker may leave out, which it writes down where the workers find each other.</summary>
    private const int MissedSigns = 3;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan JoinAttempts = TimeSpan.FromSeconds(15);

    private const string Name = "prefectps";

    /// <summary>What Orleans runs in, of a worker or a step: it takes no signals of its own, and hands on what it warns of.</summary>
    public static IHostBuilder NewHost(Action<string> tell) => new HostBuilder().ConfigureServices(services =>
    {
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton<ILoggerProvider>(new HostLogger(tell));
    });

    public static void Use(ISiloBuilder silo, FlowCluster cluster)
    {
        silo.Configure<ClusterOptions>(Identify);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = ProbeTimeoutOf(cluster);
            options.MaxProbeTimeout = 2 * ProbeTimeoutOf(cluster); // where answers have been slow, Orleans waits longer: up to four times as long
            options.NumMissedProbesLimit = MissedProbes;
            options.ExtendProbeTimeoutDuringDegradation = false; // the time that users set is the time that it takes
            options.TableRefreshTimeout = RefreshInterval;
            options.IAmAliveTablePublishTimeout = SilenceOf(cluster) / MissedSigns;
            options.NumMissedTableIAmAliveLimit = MissedSigns;
            options.MaxJoinAttemptTime = JoinAttempts;
            options.DefunctSiloExpiration = TimeSpan.FromMinutes(10);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(5);
        });
        silo.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = ProbeTimeoutOf(cluster)); // a probe of one that is cut off waits for that
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = options.SystemResponseTimeout = ResponseTimeout);
        if (cluster.Certificate is { } certificate)
            silo.UseTls(tls => Encrypt(tls, certificate));
    }

    public static void Use(IClientBuilder client, FlowCluster cluster)
    {
        client.Configure<ClusterOptions>(Identify);
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
        client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        if (cluster.Certificate is { } certificate)
            client.UseTls(tls => Encrypt(tls, certificate));
    }

    /// <summary>How long a worker may take to answer a probe.</summary>
    public static TimeSpan ProbeTimeoutOf(FlowCluster cluster) => cluster.FailureTimeout / MissedProbes;

    /// <summary>After how long without a sign of life a worker that does not answer either is no member any more, whoever is there to tell.</summary>
    public static TimeSpan SilenceOf(FlowCluster cluster) => cluster.FailureTimeout * 1.5;

    public static void AddSerializer(IServiceCollection services) => services.AddSerializer(serializer => serializer.AddAssembly(typeof(SiloSettings).Assembly));

    /// <summary>Where a worker listens: others on this machine reach it in any case, those on other machines where that is safe, or somebody said so.</summary>
    public static IPAddress? AddressOf(FlowCluster cluster) => cluster.IsEncrypted || cluster.AllowsUnencrypted ? null : IPAddress.Loopback;

    private static void Identify(ClusterOptions options) => options.ClusterId = options.ServiceId = Name;

    // All have one certificate: who has its key belongs to the cluster, and nobody else.
    private static void Encrypt(TlsOptions tls, X509Certificate2 certificate)
    {
        tls.LocalCertificate = certificate;
        tls.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (remote, _, _) => remote is not null && remote.GetCertHashString() == certificate.GetCertHashString();
        tls.OnAuthenticateAsClient = (_, options) => options.TargetHost = certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);
    }
}
