using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Apis.Services;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>Credentials for Google services: a key file, or the Application Default Credentials.</summary>
internal static class GoogleAccess
{
    /// <summary>Creates the settings of a service's client; plain HTTP, as of an emulator, is not authenticated.</summary>
    /// <param name="service">The service.</param>
    /// <param name="endpoint">The endpoint; null for an emulator's or the public one.</param>
    /// <param name="keyFile">A JSON key file; null for the Application Default Credentials.</param>
    /// <param name="retry">The retry settings.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
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
            HttpClientFactory = new TimeoutHttpClientFactory(retry.TryTime),
            HttpClientTimeout = Timeout.InfiniteTimeSpan, // attempts and calls have timeouts of their own
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None, // replaced by ReportedBackOff
            GZipEnabled = false, // so that Content-Length is an object's size
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
            // The parser's message is dropped, as it may quote the secret content.
            throw new KeyFileException($"no credentials can be read from '{keyFile}'{(e is IOException or UnauthorizedAccessException ? $": {e.Message.TrimEnd('.')}" : string.Empty)}");
        }
    }

    private sealed class TimeoutHttpClientFactory(TimeSpan limit) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new AttemptTimeoutHandler(base.CreateHandler(args), limit);
    }
}
