using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>
/// Google Cloud Storage's JSON API as it is documented, in this process: uploads in one request and in blocks, downloads, preconditions, listings, errors.
/// Requests can be made to fail.
/// </summary>
internal sealed class CloudStorageServer : IAsyncDisposable
{
    private const int MaxPage = 1000;

    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, CloudStorageBucket> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HttpMishap> _mishaps = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private CloudStorageServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, _ => { }));
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Endpoint => new(_server.Urls.Single() + "/");

    /// <summary>What was asked for so far, as in <c>GET /storage/v1/b/…</c>.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The status of every answer; null for the one that fits.</summary>
    public int? Refuses { get; set; }

    /// <summary>Lets something happen to each of the next requests.</summary>
    public void Expect(params HttpMishap[] mishaps)
    {
        foreach (var mishap in mishaps)
            _mishaps.Enqueue(mishap);
    }

    /// <summary>A new bucket that no other test uses; its address.</summary>
    public string CreateBucket()
    {
        var name = $"b{Guid.NewGuid():n}";
        _buckets[name] = new();
        return $"gs://{name}";
    }

    /// <summary>Starts one, on a free port.</summary>
    public static async Task<CloudStorageServer> StartAsync()
    {
        var server = new CloudStorageServer();
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _requests.Enqueue($"{context.Request.Method} {target}");
        var mishap = _mishaps.TryDequeue(out var next) ? next : null;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        switch (mishap)
        {
            case HttpMishap.Silence:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case HttpMishap.Broken:
                context.Abort();
                return;
        }

        var answer = mishap is HttpMishap.Answer { Status: var status } ? Error(status, "injected")
            : mishap is HttpMishap.Nonsense ? new(200) { Content = "<html>"u8.ToArray() }
            : Refuses is { } refusal ? Error(refusal, "refused")
            : Answer(context.Request, target, body.ToArray());
        if (mishap is HttpMishap.LostAnswer)
            context.Abort();
        else
            await SendAsync(context, answer, isHalf: mishap is HttpMishap.HalfAnswer);
    }

    private static async Task SendAsync(HttpContext context, ServerAnswer answer, bool isHalf)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (answer.Status != StatusCodes.Status204NoContent)
            context.Response.ContentLength = answer.Content.Length;
        await context.Response.Body.WriteAsync(answer.Content.AsMemory(0, isHalf ? answer.Content.Length / 2 : answer.Content.Length), context.RequestAborted);
        if (isHalf)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    private ServerAnswer Answer(HttpRequest request, string target, byte[] body)
    {
        var (path, query) = (target.Split('?')[0], HttpUtility.ParseQueryString(request.QueryString.Value ?? string.Empty));
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isUpload = parts[0] == "upload";
        if (isUpload)
            parts = parts[1..];
        // storage/v1/b/BUCKET/o/OBJECT
        if (!_buckets.TryGetValue(parts[3], out var bucket))
            return Error(404, "The specified bucket does not exist.");
        long? ifGeneration = query["ifGenerationMatch"] is { } given ? long.Parse(given, CultureInfo.InvariantCulture) : null;
        if (isUpload)
            return Upload(parts[3], bucket, request, query["uploadType"], query["upload_id"], ifGeneration, body);
        if (parts.Length == 5)
            return List(bucket, query["prefix"] ?? string.Empty, query["pageToken"], query["maxResults"]);

        var name = Uri.UnescapeDataString(parts[5]);
        if (request.Method == "DELETE")
            return bucket.Delete(name, ifGeneration) is var status and not 204 ? Error(status, status == 404 ? $"No such object: {parts[3]}/{name}" : Precondition) : new(204);
        if (bucket.Find(name) is not { } found || (query["generation"] is { } generation && generation != Text(found.Generation)))
            return query["alt"] == "media" ? new(404) { Content = Encoding.UTF8.GetBytes($"No such object: {parts[3]}/{name}") } : Error(404, $"No such object: {parts[3]}/{name}");
        return query["alt"] == "media" ? Media(found, request.Headers.Range) : Json(Describe(found));
    }

    private ServerAnswer Upload(
        string bucketName, CloudStorageBucket bucket, HttpRequest request, string? type, string? session, long? ifGeneration, byte[] body)
    {
        if (session is not null)
            return Continue(bucket, session, request.Headers.ContentRange.FirstOrDefault() ?? $"bytes */{body.Length}", body);
        if (type == "multipart")
        {
            var (description, content) = MultipartBody.Split(request.ContentType!, body);
            var (name, metadata) = Target(description);
            return bucket.Put(name, content, metadata, ifGeneration) is { } written ? Json(Describe(written)) : Error(412, Precondition);
        }

        var (target, itsMetadata) = Target(body);
        if (!bucket.Holds(target, ifGeneration))
            return Error(412, Precondition);
        var id = Guid.NewGuid().ToString("n");
        _sessions[id] = new(bucketName, target, itsMetadata, ifGeneration);
        return new(200) { Headers = { ["Location"] = $"{Endpoint}upload/storage/v1/b/{bucketName}/o?uploadType=resumable&upload_id={id}" } };
    }

    private ServerAnswer Continue(CloudStorageBucket bucket, string id, string range, byte[] block)
    {
        if (!_sessions.TryGetValue(id, out var session))
            return Error(404, "No such upload.");
        if (!session.Take(range, block))
            return session.Range is { } received ? new(308) { Headers = { ["Range"] = received } } : new(308);
        return bucket.Put(session.Name, session.Content, session.Metadata, session.IfGeneration) is { } written ? Json(Describe(written)) : Error(412, Precondition);
    }

    private static ServerAnswer List(CloudStorageBucket bucket, string prefix, string? after, string? count)
    {
        var (items, next) = bucket.List(prefix, after, count is null ? MaxPage : int.Parse(count, CultureInfo.InvariantCulture));
        return Json(new { items = items.Select(Describe), nextPageToken = next });
    }

    private static ServerAnswer Media(StoredBlob found, string? range)
    {
        var first = range is null ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new(first == 0 ? 200 : 206) { Content = found.Content[first..], Headers = { ["x-goog-generation"] = Text(found.Generation) } };
    }

    private static (string Name, IReadOnlyDictionary<string, string> Metadata) Target(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var metadata = document.RootElement.TryGetProperty("metadata", out var given)
            ? given.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!)
            : [];
        return (document.RootElement.GetProperty("name").GetString()!, metadata);
    }

    private static object Describe(StoredBlob item) => new
    {
        kind = "storage#object",
        name = item.Name,
        generation = Text(item.Generation),
        size = Text(item.Content.Length),
        updated = item.Updated.ToString("O", CultureInfo.InvariantCulture),
        metadata = item.Metadata,
    };

    private const string Precondition = "At least one of the pre-conditions you specified did not hold.";

    private static ServerAnswer Error(int status, string message) => Json(new { error = new { code = status, message } }) with { Status = status };

    private static ServerAnswer Json(object content) => new(200)
    {
        Content = JsonSerializer.SerializeToUtf8Bytes(content),
        Headers = { ["Content-Type"] = "application/json; charset=UTF-8" },
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record ServerAnswer(int Status)
    {
        public byte[] Content { get; init; } = [];

        public Dictionary<string, string> Headers { get; } = new(StringComparer.Ordinal);
    }
}
