using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Http;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>How to get into a service of Google: by a file with credentials, else by those that the environment or the machine has.</summary>
internal static class GoogleAccess
{
    /// <summary>The credentials for a service.</summary>
    /// <param name="keyFile">A JSON file with credentials; null for the Application Default Credentials.</param>
    /// <param name="scope">What they are to be good for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IConfigurableHttpClientInitializer> CredentialAsync(string? keyFile, string scope, CancellationToken cancellationToken)
    {
        var credential = keyFile is null ? await GoogleCredential.GetApplicationDefaultAsync(cancellationToken) : await ReadAsync(keyFile, cancellationToken);
        return credential.CreateScoped(scope);
    }

    /// <summary>What an exception says of the credentials; null where it says nothing.</summary>
    public static StoreFault? Explain(Exception e, string cmdlet) => e switch
    {
        KeyFileException => new(e.Message, IsTransient: false),
        TokenResponseException token => new($"signing in to Google failed: {token.Error?.Error}", IsTransient: false),
        // So the client says that it found none.
        InvalidOperationException => new(
            $"no credentials were found: set GOOGLE_APPLICATION_CREDENTIALS, sign in with 'gcloud auth application-default login', give the machine a service account, or use {cmdlet}",
            IsTransient: false),
        _ => null,
    };

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
}
