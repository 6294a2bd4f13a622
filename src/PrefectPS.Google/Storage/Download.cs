using System.Globalization;
using Google;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace PrefectPS.Google.Storage;

/// <summary>The content of an object, read from the connection on demand.</summary>
/// <remarks>
/// Sends the client's own request with its HTTP client. DownloadObjectAsync does not suit a reader that
/// pulls: it pushes the content into a stream, and reports size and generation only at the end.
/// </remarks>
internal sealed class Download : IDisposable
{
    private const string GenerationHeader = "x-goog-generation";

    private readonly HttpResponseMessage _answer;

    private Download(HttpResponseMessage answer, Stream content)
    {
        (_answer, Content) = (answer, content);
        Length = answer.Content.Headers.ContentLength ?? throw new InvalidResponseException("the answer does not tell the size of the object");
        Generation = answer.Headers.TryGetValues(GenerationHeader, out var values)
            ? long.Parse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture)
            : throw new InvalidResponseException("the answer does not tell the generation of the object");
    }

    /// <summary>The rest of the content.</summary>
    public Stream Content { get; }

    /// <summary>The size of the rest in bytes.</summary>
    public long Length { get; }

    /// <summary>The object's generation.</summary>
    public long Generation { get; }

    /// <summary>Starts a download.</summary>
    /// <param name="client">The client.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The object's name.</param>
    /// <param name="generation">The generation; null for the current one.</param>
    /// <param name="offset">The offset to start at.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public static async Task<Download> BeginAsync(
        StorageClient client, string bucket, string key, long? generation, long offset, CancellationToken cancellationToken)
    {
        var service = client.Service;
        var request = service.Objects.Get(bucket, key);
        request.Alt = StorageBaseServiceRequest<Object>.AltEnum.Media;
        request.Generation = generation;
        using var message = request.CreateRequest();
        if (offset > 0)
            message.Headers.Range = new(offset, null);
        var answer = await service.HttpClient.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            if (!answer.IsSuccessStatusCode)
            {
                var error = await service.DeserializeError(answer);
                throw new GoogleApiException(service.Name) { Error = error, HttpStatusCode = answer.StatusCode };
            }

            return new(answer, await OpenAsync(answer.Content, cancellationToken));
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => _answer.Dispose();

    private static Task<Stream> OpenAsync(HttpContent content, CancellationToken cancellationToken) =>
#if NETSTANDARD
        content.ReadAsStreamAsync();
#else
        content.ReadAsStreamAsync(cancellationToken);
#endif
}
