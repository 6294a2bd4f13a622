using System.Security.Cryptography.X509Certificates;
using PrefectPS.Storage;

namespace PrefectPS.Cluster;

/// <summary>The address and credentials of a cluster of workers. Never displayed whole, as it may hold secrets.</summary>
public sealed class FlowCluster
{
    /// <summary>The default of <see cref="FailureTimeout"/>.</summary>
    internal static readonly TimeSpan UsualFailureTimeout = TimeSpan.FromSeconds(4);

    internal FlowCluster(string address) => Address = address;

    /// <summary>The address of the membership store, without secrets.</summary>
    public string Uri => StoreAddress.WithoutSecrets(Address);

    /// <summary>The certificate shared by all members; null for no encryption.</summary>
    public X509Certificate2? Certificate { get; internal init; }

    /// <summary>True if workers on other machines are reached without encryption.</summary>
    public bool AllowsUnencrypted { get; internal init; }

    /// <summary>How long a worker may be silent before it is declared dead.</summary>
    public TimeSpan FailureTimeout { get; internal init; } = UsualFailureTimeout;

    /// <summary>True if traffic is encrypted.</summary>
    internal bool IsEncrypted => Certificate is not null;

    internal string Address { get; }

    /// <summary>The server's connection string; overrides the address.</summary>
    internal string? ConnectionString { get; init; }

    internal string? UserName { get; init; }

    internal string? Password { get; init; }

    /// <summary>The address, without secrets.</summary>
    public override string ToString() => Uri;
}
