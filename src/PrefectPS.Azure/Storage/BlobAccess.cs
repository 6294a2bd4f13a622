using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>Connects to a storage account with the given credentials, those in the environment, or the ambient identity.</summary>
internal static class BlobAccess
{
    /// <summary>Creates a client and, for a SAS token, its expiry.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the credentials do not fit the address.</exception>
    public static (BlobServiceClient Service, DateTimeOffset? Expires) Connect(BlobAddress address, StoreOptions options, BlobClientOptions client)
    {
        if (options.ConnectionString is { } given)
            return (ByConnectionString(address, given, client), null);
        if (options.AccountKey is { } key)
            return (new(address.Service, AzureAccess.KeyOf(address.Account, key, fault => ProviderErrors.StoreInvalid(address.Name, fault)), client), null);
        if ((options.SasToken?.TrimStart('?') ?? address.Sas) is { Length: > 0 } sas)
            return (new(address.Service, new AzureSasCredential(sas), client), ExpiryOf(sas));
        if (options.ClientId is null && FromEnvironment(address, options, client) is { } found)
            return (found, null);
        return (new(address.Service, IdentityOf(options), client), null);
    }

    private static BlobServiceClient ByConnectionString(BlobAddress address, string text, BlobClientOptions client)
    {
        var service = TryConnect(text, client) ?? throw ProviderErrors.StoreInvalid(address.Name, "the connection string is not one of an Azure storage account");
        return IsOf(service, address)
            ? service
            : throw ProviderErrors.StoreInvalid(address.Name, $"the connection string is that of the account '{service.AccountName}', not of '{address.Account}'");
    }

    private static BlobServiceClient? FromEnvironment(BlobAddress address, StoreOptions options, BlobClientOptions client) =>
        options.Endpoint is null && AzureAccess.ConnectionString is { } text
            && TryConnect(text, client) is { } service && IsOf(service, address)
            ? service
            : null;

    private static BlobServiceClient? TryConnect(string text, BlobClientOptions client) => AzureAccess.TryConnect(() => new BlobServiceClient(text, client));

    private static bool IsOf(BlobServiceClient service, BlobAddress address) => AzureAccess.IsAccount(service.AccountName, address.Account);

    private static TokenCredential IdentityOf(StoreOptions options) =>
        options.ClientSecret is { } secret ? new ClientSecretCredential(options.Tenant, options.ClientId, secret)
        : options.ClientId is { } id ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(id))
        : AzureAccess.DefaultIdentity;

    private static DateTimeOffset? ExpiryOf(string sas) =>
        sas.Split('&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal)) is { } expiry
            && DateTimeOffset.TryParse(Uri.UnescapeDataString(expiry.Substring(3)), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
