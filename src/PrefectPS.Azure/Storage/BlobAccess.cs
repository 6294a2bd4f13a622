using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>How to get into a storage account: by what was given, by what the environment says, else by the identity of who runs this.</summary>
internal static class BlobAccess
{
    /// <summary>The environment variable with a connection string; it counts for the account that it names.</summary>
    private const string Variable = "AZURE_STORAGE_CONNECTION_STRING";

    // One for the process, as it keeps the tokens that it got.
    private static readonly Lazy<TokenCredential> Default = new(() => new DefaultAzureCredential());

    /// <summary>The identity of who runs this.</summary>
    public static TokenCredential DefaultIdentity => Default.Value;

    /// <summary>A client of the account's blob service, and until when it may be used where that is known.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: what was given does not fit together.</exception>
    public static (BlobServiceClient Service, DateTimeOffset? Expires) Connect(BlobAddress address, StoreOptions options, BlobClientOptions client)
    {
        if (options.ConnectionString is { } given)
            return (ByConnectionString(address, given, client), null);
        if (options.AccountKey is { } key)
            return (new(address.Service, KeyOf(address, key), client), null);
        if ((options.SasToken?.TrimStart('?') ?? address.Sas) is { Length: > 0 } sas)
            return (new(address.Service, new AzureSasCredential(sas), client), ExpiryOf(sas));
        if (options.ClientId is null && FromEnvironment(address, options, client) is { } found)
            return (found, null);
        return (new(address.Service, IdentityOf(options), client), null);
    }

    private static BlobServiceClient ByConnectionString(BlobAddress address, string text, BlobClientOptions client)
    {
        var service = TryConnect(text, client) ?? throw FlowErrors.StoreInvalid(address.Name, "the connection string is not one of an Azure storage account");
        return IsOf(service, address)
            ? service
            : throw FlowErrors.StoreInvalid(address.Name, $"the connection string is that of the account '{service.AccountName}', not of '{address.Account}'");
    }

    private static BlobServiceClient? FromEnvironment(BlobAddress address, StoreOptions options, BlobClientOptions client) =>
        options.Endpoint is null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
            && TryConnect(text, client) is { } service && IsOf(service, address)
            ? service
            : null;

    // What is wrong with a connection string is not told by the client's own error, which might quote from it.
    private static BlobServiceClient? TryConnect(string text, BlobClientOptions client)
    {
        try
        {
            return new(text, client);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsOf(BlobServiceClient service, BlobAddress address) =>
        string.Equals(service.AccountName, address.Account, StringComparison.OrdinalIgnoreCase);

    private static StorageSharedKeyCredential KeyOf(BlobAddress address, string key)
    {
        try
        {
            return new(address.Account, key);
        }
        catch (FormatException)
        {
            throw FlowErrors.StoreInvalid(address.Name, "the account key is not one: it is Base64");
        }
    }

    private static TokenCredential IdentityOf(StoreOptions options) =>
        options.ClientSecret is { } secret ? new ClientSecretCredential(options.Tenant, options.ClientId, secret)
        : options.ClientId is { } id ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(id))
        : DefaultIdentity;

    private static DateTimeOffset? ExpiryOf(string sas) =>
        sas.Split('&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal)) is { } expiry
            && DateTimeOffset.TryParse(Uri.UnescapeDataString(expiry.Substring(3)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
