using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Google;
using PrefectPS.Storage;

namespace PrefectPS.Google.Storage.Api;

/// <summary>The JSON API of Google Cloud Storage, version 1, on Google's own client runtime: what a store needs of it, for one bucket.</summary>
internal sealed class StorageClient : GoogleClient
{
    /// <summary>The generation of what is not there.</summary>
    public const string NoGeneration = "0";

    /// <summary>The content type of all objects.</summary>
    public const string ContentType = "application/octet-stream";

    private static readonly GoogleService Service = new(
        "https://storage.googleapis.com/", "https://www.googleapis.com/auth/devstorage.read_write", "STORAGE_EMULATOR_HOST");

    private readonly string _bucket;

    private StorageClient(Initializer initializer, ReportedBackOff again, string bucket)
        : base(initializer, again) => _bucket = bucket;

    public override string Name => "storage";

    private string Objects => $"storage/v1/b/{_bucket}/o";

    private string Uploads => $"upload/storage/v1/b/{_bucket}/o";

    /// <summary>A client of the service that the options or the environment name.</summary>
    public static async Task<StorageClient> ConnectAsync(BucketAddress address, StoreOptions options, CancellationToken cancellationToken) => new(
        await GoogleAccess.ConnectAsync(Service, options.Endpoint, options.KeyFile, options.Retry, cancellationToken),
        new($"The store '{address}'", options.Retry),
        address.Bucket);

    /// <summary>Begins to download an object.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="generation">Its generation; null for the current one.</param>
    /// <param name="offset">Where in its content to begin.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Download> DownloadAsync(string key, string? generation, long offset, CancellationToken cancellationToken)
    {
        using var request = new DownloadRequest(UriOf($"{Objects}/{Uri.EscapeDataString(key)}", ("alt", "media"), ("generation", generation)));
        if (offset > 0)
            request.Headers.Range = new RangeHeaderValue(offset, null);
        var answer = await SendAsync(request, cancellationToken);
        return new(answer, await answer.Content.OpenAsync(cancellationToken));
    }

    /// <summary>What is known of an object.</summary>
    public Task<StorageObject> GetAsync(string key, CancellationToken cancellationToken) =>
        CallAsync<StorageObject>(HttpMethod.Get, UriOf($"{Objects}/{Uri.EscapeDataString(key)}"), null, cancellationToken);

    /// <summary>Writes an object in one request.</summary>
    public async Task<StorageObject> InsertAsync(StorageObject target, ArraySegment<byte> content, string? ifGeneration, CancellationToken cancellationToken)
    {
        using var parts = new MultipartContent("related")
        {
            new StringContent(Serializer.Serialize(target), Encoding.UTF8, "application/json"),
            new ByteArrayContent(content.Array!, content.Offset, content.Count) { Headers = { ContentType = new(ContentType) } },
        };
        return await CallAsync<StorageObject>(HttpMethod.Post, UriOf(Uploads, ("uploadType", "multipart"), ("ifGenerationMatch", ifGeneration)), parts, cancellationToken);
    }

    /// <summary>Writes an object in blocks.</summary>
    public async Task<StorageObject> InsertAsync(StorageObject target, Stream content, int blockSize, string? ifGeneration, CancellationToken cancellationToken)
    {
        var upload = new ObjectUpload(this, Uploads, target, content, blockSize) { IfGenerationMatch = ifGeneration };
        var progress = await upload.UploadAsync(cancellationToken);
        if (progress.Exception is { } e)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e).Throw();
        return upload.ResponseBody ?? throw new AnswerException("the answer does not tell what was written");
    }

    /// <summary>Deletes an object.</summary>
    public async Task DeleteAsync(string key, string? ifGeneration, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, UriOf($"{Objects}/{Uri.EscapeDataString(key)}", ("ifGenerationMatch", ifGeneration)));
        using var answer = await SendAsync(request, cancellationToken);
    }

    /// <summary>A page of the objects whose names begin with a prefix.</summary>
    public Task<ObjectList> ListAsync(string prefix, string? page, int? pageSize, CancellationToken cancellationToken) =>
        CallAsync<ObjectList>(
            HttpMethod.Get,
            UriOf(
                Objects,
                ("prefix", prefix), ("pageToken", page), ("maxResults", pageSize?.ToString(CultureInfo.InvariantCulture)),
                ("fields", "items(name,size,updated),nextPageToken")),
            null,
            cancellationToken);

    private async Task<T> CallAsync<T>(HttpMethod method, string uri, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        using var answer = await SendAsync(request, cancellationToken);
        return Serializer.Deserialize<T>(await answer.Content.ReadTextAsync(cancellationToken));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw new GoogleApiException(Name, await answer.Content.ReadTextAsync(cancellationToken)) { HttpStatusCode = answer.StatusCode };
    }

    private string UriOf(string path, params (string Name, string? Value)[] query)
    {
        var given = query.Where(each => !string.IsNullOrEmpty(each.Value)).Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value!)}");
        return $"{BaseUri}{path}{(string.Join("&", given) is { Length: > 0 } text ? "?" + text : string.Empty)}";
    }
}
