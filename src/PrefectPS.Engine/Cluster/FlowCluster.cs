using System.Security.Cryptography.X509Certificates;
using PrefectPS.Storage;

namespace PrefectPS.Cluster;

/// <summary>Workers that share one address, and how to get among them. It is never shown whole: it may hold secrets.</summary>
public sealed class FlowCluster
{
    /// <summary>How long after its last sign of life a worker is declared dead, unless said otherwise.</summary>
    internal static readonly TimeSpan UsualFailureTimeout = TimeSpan.FromSeconds(4);

    internal FlowCluster(string address) => Address = address;

    /// <summary>Where the workers find each other, without what is secret in it.</summary>
    public string Uri => StoreAddress.WithoutSecrets(Address);

    /// <summary>The certificate that all who belong to the cluster hold; null where nothing is encrypted.</summary>
    public X509Certificate2? Certificate { get; internal init; }

    /// <summary>Whether workers on other machines are talked to without a certificate.</summary>
    public bool AllowsUnencrypted { get; internal init; }

    /// <summary>How long after its last sign of life a worker is declared dead.</summary>
    public TimeSpan FailureTimeout { get; internal init; } = UsualFailureTimeout;

    /// <summary>Whether what is sent between the machines is encrypted.</summary>
    internal bool IsEncrypted => Certificate is not null;

    internal string Address { get; }

    /// <summary>The connection string of the server behind the address, in place of what the address says.</summary>
    internal string? ConnectionString { get; init; }

    internal string? UserName { get; init; }

    internal string? Password { get; init; }

    /// <summary>The address, without what is secret in it.</summary>
    public override string ToString() => Uri;
}
