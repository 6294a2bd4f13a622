using System.Management.Automation;
using System.Security;
using PrefectPS.Channels;
using PrefectPS.Completion;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Creates a channel, where its address alone is not enough.</para></summary>
[Cmdlet(VerbsCommon.New, "FlowChannel", DefaultParameterSetName = AddressSet)]
[OutputType(typeof(FlowChannel))]
public sealed class NewFlowChannelCommand : FlowCmdlet
{
    private const string AddressSet = "Address";
    private const string ProviderSet = "Provider";

    /// <summary>The channel's address: a folder, memory:, azqueue://, pubsub:// or https://.</summary>
    [Parameter(ParameterSetName = AddressSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    [PlainText]
    public string Uri { get; set; } = string.Empty;

    /// <summary>The address of the service, if it is not the public one, such as an emulator.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>The connection string of an Azure storage account.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ConnectionString { get; set; }

    /// <summary>The key of an Azure storage account.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? AccountKey { get; set; }

    /// <summary>A JSON file with Google credentials.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>The key to sign requests to an HTTP endpoint with.</summary>
    [Parameter(ParameterSetName = AddressSet)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? SigningKey { get; set; }

    /// <summary>A channel of another module: an object that implements PrefectPS.Channels.IFlowChannel.</summary>
    [Parameter(ParameterSetName = ProviderSet, Mandatory = true)]
    [ValidateNotNull]
    public object? Provider { get; set; }

    /// <inheritdoc/>
    protected override void Process() =>
        WriteObject(FlowChannel.Of(Provider is null ? ChannelResolver.Resolve(Options, SessionState) : ProviderParameter.Channel(Provider)));

    private ChannelOptions Options => new()
    {
        Address = Uri,
        Endpoint = Endpoint,
        ConnectionString = Secret.Reveal(ConnectionString),
        AccountKey = Secret.Reveal(AccountKey),
        SigningKey = Secret.Reveal(SigningKey),
        KeyFile = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile),
    };
}
