using System.Management.Automation;
using System.Security;
using PrefectPS.Channels;
using PrefectPS.Completion;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Creates a channel, where its address alone is not enough.</para></summary>
[Cmdlet(VerbsCommon.New, "FlowChannel")]
[OutputType(typeof(FlowChannel))]
public sealed class NewFlowChannelCommand : FlowCmdlet
{
    /// <summary>The channel's address: a folder, memory:, azqueue://, pubsub:// or https://.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    [PlainText]
    public string Uri { get; set; } = string.Empty;

    /// <summary>The address of the service, if it is not the public one, such as an emulator.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>The connection string of an Azure storage account.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ConnectionString { get; set; }

    /// <summary>The key of an Azure storage account.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? AccountKey { get; set; }

    /// <summary>A JSON file with Google credentials.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>The key to sign requests to an HTTP endpoint with.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? SigningKey { get; set; }

    /// <inheritdoc/>
    protected override void Process() => WriteObject(new FlowChannel(ChannelResolver.Resolve(
        new ChannelOptions
        {
            Address = Uri,
            Endpoint = Endpoint,
            ConnectionString = Secret.Reveal(ConnectionString),
            AccountKey = Secret.Reveal(AccountKey),
            SigningKey = Secret.Reveal(SigningKey),
            KeyFile = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile),
        },
        SessionState)));
}
