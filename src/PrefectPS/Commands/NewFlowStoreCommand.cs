using System.Collections;
using System.Management.Automation;
using System.Security;
using PrefectPS.Completion;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Creates a store for results and runs.</para></summary>
[Cmdlet(VerbsCommon.New, "FlowStore", DefaultParameterSetName = DefaultSet)]
[OutputType(typeof(FlowStore))]
public sealed class NewFlowStoreCommand : FlowCmdlet
{
    private const string DefaultSet = "Identity";
    private const string ConnectionStringSet = "ConnectionString";
    private const string AccountKeySet = "AccountKey";
    private const string SasSet = "Sas";
    private const string ApplicationSet = "Application";
    private const string KeyFileSet = "KeyFile";
    private const string ProviderSet = "Provider";

    /// <summary>Address of the store: a folder, file:, memory:, gs://, azblob:// or https://.</summary>
    [Parameter(ParameterSetName = DefaultSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ConnectionStringSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = AccountKeySet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = SasSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ApplicationSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = KeyFileSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    [PlainText]
    public string Uri { get; set; } = string.Empty;

    /// <summary>A store of another module: an object that implements PrefectPS.Storage.IFlowStore.</summary>
    [Parameter(ParameterSetName = ProviderSet, Mandatory = true)]
    [ValidateNotNull]
    public object? Provider { get; set; }

    /// <summary>A prefix of all paths in the store.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Prefix { get; set; }

    /// <summary>The address of the service, if it is not the public one: an emulator, a private endpoint, another cloud.</summary>
    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = ConnectionStringSet)]
    [Parameter(ParameterSetName = AccountKeySet)]
    [Parameter(ParameterSetName = SasSet)]
    [Parameter(ParameterSetName = ApplicationSet)]
    [Parameter(ParameterSetName = KeyFileSet)]
    [ValidateNotNull]
    public Uri? Endpoint { get; set; }

    /// <summary>The connection string of the Azure storage account.</summary>
    [Parameter(ParameterSetName = ConnectionStringSet, Mandatory = true)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ConnectionString { get; set; }

    /// <summary>The key of the Azure storage account.</summary>
    [Parameter(ParameterSetName = AccountKeySet, Mandatory = true)]
    [Alias("StorageAccountKey")]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? AccountKey { get; set; }

    /// <summary>A shared access signature for the Azure container.</summary>
    [Parameter(ParameterSetName = SasSet, Mandatory = true)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? SasToken { get; set; }

    /// <summary>The client id of the user-assigned managed identity to sign in to Azure with.</summary>
    [Parameter(ParameterSetName = DefaultSet)]
    [ValidateNotNullOrEmpty]
    public string? ClientId { get; set; }

    /// <summary>The application to sign in to Azure with: its client id and its secret.</summary>
    [Parameter(ParameterSetName = ApplicationSet, Mandatory = true)]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>The tenant of that application.</summary>
    [Parameter(ParameterSetName = ApplicationSet, Mandatory = true)]
    [Alias("TenantId")]
    [ValidateNotNullOrEmpty]
    public string? Tenant { get; set; }

    /// <summary>A JSON file with Google credentials, such as the key of a service account.</summary>
    [Parameter(ParameterSetName = KeyFileSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? KeyFile { get; set; }

    /// <summary>Tags and how many tasks with each can run at the same time, across all runs of the store.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary ConcurrencyLimit { get; set; } = new Hashtable();

    /// <inheritdoc/>
    protected override void Process()
    {
        var store = Provider is null ? StoreResolver.Resolve(Options, SessionState) : ProviderParameter.Store(Provider, Prefix);
        WriteObject(FlowStore.Of(store, LimitParameter.Resolve(Provider is null ? Uri : store.Name, ConcurrencyLimit)));
    }

    private StoreOptions Options => new()
    {
        Address = Uri,
        Prefix = Prefix,
        Endpoint = Endpoint,
        ConnectionString = Secret.Reveal(ConnectionString),
        AccountKey = Secret.Reveal(AccountKey),
        SasToken = Secret.Reveal(SasToken),
        ClientId = ClientId ?? Credential?.UserName,
        ClientSecret = Secret.Reveal(Credential?.Password),
        Tenant = Tenant,
        KeyFile = KeyFile is null ? null : GetUnresolvedProviderPathFromPSPath(KeyFile),
    };
}
