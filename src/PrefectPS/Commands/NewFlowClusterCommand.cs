using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;
using PrefectPS.Cluster;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Creates the description of a cluster of workers, where its address alone is not enough.</para></summary>
[Cmdlet(VerbsCommon.New, "FlowCluster")]
[OutputType(typeof(FlowCluster))]
public sealed class NewFlowClusterCommand : FlowCmdlet
{
    private static readonly TimeSpan ShortestFailureTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestFailureTimeout = TimeSpan.FromHours(1);

    /// <summary>Where the workers find each other: localhost, redis://, postgres://, sqlserver:// or aztable://.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string Uri { get; set; } = string.Empty;

    /// <summary>The connection string of the server behind the address, instead of what the address says.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ConnectionString { get; set; }

    /// <summary>The name and password for that server.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>The certificate, with its private key, that all who belong to the cluster hold: what they send each other is encrypted.</summary>
    [Parameter]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Talk to other machines without a certificate.</summary>
    [Parameter]
    public SwitchParameter AllowUnencrypted { get; set; }

    /// <summary>How long after its last sign of life a worker is declared dead, and what it ran is sent elsewhere.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? FailureTimeout { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var cluster = FlowCluster.Of(
            Uri.Trim(), Secret.Reveal(ConnectionString), Credential?.UserName, Secret.Reveal(Credential?.Password), Certificate, AllowUnencrypted, FailureTimeout);
        if (FailureTimeout is { } time && (time < ShortestFailureTimeout || time > LongestFailureTimeout))
            throw ModuleErrors.ClusterFailureTimeout(cluster, ShortestFailureTimeout, LongestFailureTimeout);
        if (Certificate is { HasPrivateKey: false })
            throw ModuleErrors.ClusterCertificateWithoutKey(cluster);
        ClusterParameter.Resolve(cluster);
        if (AllowUnencrypted && Certificate is null)
            WriteWarning(ModuleTexts.ClusterUnencrypted(cluster));
        WriteObject(cluster);
    }
}
