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

/// <summary>The Orleans settings that workers and steps share.</summary>
internal static class SiloSettings
{
    /// <summary>The number of probes a worker may miss.</summary>
    private const int MissedProbes = 3;

    /// <summary>The timeout of calls between processes; long operations such as bodies are reported asynchronously.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The number of heartbeats, written to the membership store, that a worker may miss.</summary>
    private const int MissedSigns = 3;

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan JoinAttempts = TimeSpan.FromSeconds(15);

    private const string Name = "prefectps";

    /// <summary>Creates the host of Orleans, which ignores process signals and forwards warnings to <paramref name="log"/>.</summary>
    public static IHostBuilder NewHost(Action<string> log) => new HostBuilder().ConfigureServices(services =>
    {
        services.AddSingleton<IHostLifetime, NullHostLifetime>();
        services.AddSingleton<ILoggerProvider>(new HostLogger(log));
    });

    public static void Use(ISiloBuilder silo, FlowCluster cluster)
    {
        silo.Configure<ClusterOptions>(Identify);
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = ProbeTimeoutOf(cluster);
            options.MaxProbeTimeout = 2 * ProbeTimeoutOf(cluster); // after slow answers Orleans extends the timeout, by default up to fourfold
            options.NumMissedProbesLimit = MissedProbes;
            options.ExtendProbeTimeoutDuringDegradation = false; // detection must not exceed the timeout that users set
            options.TableRefreshTimeout = RefreshInterval;
            options.IAmAliveTablePublishTimeout = SilenceOf(cluster) / MissedSigns;
            options.NumMissedTableIAmAliveLimit = MissedSigns;
            options.MaxJoinAttemptTime = JoinAttempts;
            options.DefunctSiloExpiration = TimeSpan.FromMinutes(10);
            options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(5);
        });
        silo.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = ProbeTimeoutOf(cluster)); // probing an unreachable silo waits for it
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

    /// <summary>The timeout of one probe.</summary>
    public static TimeSpan ProbeTimeoutOf(FlowCluster cluster) => cluster.FailureTimeout / MissedProbes;

    /// <summary>The silence after which a worker that does not answer either is removed by whoever joins next.</summary>
    public static TimeSpan SilenceOf(FlowCluster cluster) => cluster.FailureTimeout * 1.5;

    public static void AddSerializer(IServiceCollection services) => services.AddSerializer(serializer => serializer.AddAssembly(typeof(SiloSettings).Assembly));

    /// <summary>The advertised address: loopback only, unless traffic is encrypted or unencrypted traffic is allowed.</summary>
    public static IPAddress? AddressOf(FlowCluster cluster) => cluster.IsEncrypted || cluster.AllowsUnencrypted ? null : IPAddress.Loopback;

    private static void Identify(ClusterOptions options) => options.ClusterId = options.ServiceId = Name;

    // All members share one certificate; holding its key is what proves membership.
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
