using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Apis.Services;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>How to get into a service of Google: by a file with credentials, else by those that the environment or the machine has.</summary>
internal static class GoogleAccess
{
    /// <summary>How a client of a service begins. Over plain HTTP, to an emulator, it does not sign in.</summary>
    /// <param name="service">The service.</param>
    /// <param name="endpoint">Its address; null for an emulator's or the public one.</param>
    /// <param name="keyFile">A JSON file with credentials; null for the Application Default Credentials.</param>
    /// <param name="retry">How patient it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<BaseClientService.Initializer> ConnectAsync(
        GoogleService service, Uri? endpoint, string? keyFile, StoreRetry retry, CancellationToken cancellationToken)
    {
        var address = service.EndpointOf(endpoint);
        return new()
        {
            ApplicationName = "PrefectPS",
            BaseUri = address,
            HttpClientInitializer = address.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                ? null
                : await CredentialAsync(keyFile, service.Scope, cancellationToken),
            HttpClientFactory = new LimitedTries(retry.TryTime),
            HttpClientTimeout = Timeout.InfiniteTimeSpan, // each try has a limit, and so has each call
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None, // ours is added, which knows more kinds of fault
            GZipEnabled = false, // so that an answer tells the size of an object
        };
    }

    private static async Task<IConfigurableHttpClientInitializer> CredentialAsync(string? keyFile, string scope, CancellationToken cancellationToken)
    {
        var credential = keyFile is null ? await GoogleCredential.GetApplicationDefaultAsync(cancellationToken) : await ReadAsync(keyFile, cancellationToken);
        return credential.CreateScoped(scope);
    }

    private static async Task<GoogleCredential> ReadAsync(string keyFile, CancellationToken cancellationToken)
    {
        try
        {
            return await CredentialFactory.FromFileAsync<GoogleCredential>(keyFile, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What is in the file is not quoted: its text may be secret.
            throw new KeyFileException($"no credentials can be read from '{keyFile}'{(e is IOException or UnauthorizedAccessException ? $": {e.Message.TrimEnd('.')}" : string.Empty)}");
        }
    }

    private sealed class LimitedTries(TimeSpan limit) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new TryLimit(base.CreateHandler(args), limit);
    }
}
