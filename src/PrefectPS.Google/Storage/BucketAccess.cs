using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using PrefectPS.Storage;

namespace PrefectPS.Google.Storage;

/// <summary>Connects the Cloud Storage client.</summary>
internal static class BucketAccess
{
    private const string ApiPath = "/storage/v1/";

    private static readonly GoogleService Service = new(
        "https://storage.googleapis.com/", StorageService.ScopeConstants.DevstorageReadWrite, "STORAGE_EMULATOR_HOST");

    /// <summary>Connects to the service that the options or environment name.</summary>
    public static async Task<StorageClient> ConnectAsync(BucketAddress address, StoreOptions options, CancellationToken cancellationToken)
    {
        var initializer = await GoogleAccess.ConnectAsync(Service, options.Endpoint, options.KeyFile, options.Retry, cancellationToken);
        // The variable may include this path, which Google's .NET client requires and its other clients do not.
        initializer.BaseUri = new Uri(new Uri(initializer.BaseUri), ApiPath).AbsoluteUri;
        var client = new StorageClientImpl(new StorageService(initializer));
        new ReportedBackOff($"The store '{address}'", options.Retry).Handle(client.Service.HttpClient.MessageHandler);
        return client;
    }
}
