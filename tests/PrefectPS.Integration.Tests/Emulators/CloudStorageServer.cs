using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Web;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>
/// Google Cloud Storage's JSON API as it is documented, in this process: uploads in one request and in blocks, downloads, preconditions, listings, errors.
/// Requests can be made to fail.
/// </summary>
internal sealed class CloudStorageServer : IAsyncDisposable
{
    private const int MaxPage = 1000;

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, CloudStorageBucket> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HttpMishap> _mishaps = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;

    public CloudStorageServer()
    {
        Endpoint = new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/");
        _listener.Prefixes.Add(Endpoint.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it is.</summary>
    public Uri Endpoint { get; }

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

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => HandleAsync(context));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        _requests.Enqueue($"{context.Request.HttpMethod} {context.Request.RawUrl}");
        var mishap = _mishaps.TryDequeue(out var next) ? next : null;
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (mishap is HttpMishap.Silence)
                return;
            if (mishap is HttpMishap.Broken)
            {
                context.Response.Abort();
                return;
            }

            var answer = mishap is HttpMishap.Answer { Status: var status } ? Error(status, "injected")
                : Refuses is { } refusal ? Error(refusal, "refused")
                : Answer(context.Request, body.ToArray());
            await SendAsync(context.Response, answer, mishap);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The client has gone.
        }
        catch (Exception e)
        {
            await SendAsync(context.Response, Error(500, e.ToString()), null);
        }
    }

    private static async Task SendAsync(HttpListenerResponse response, ServerAnswer answer, HttpMishap? mishap)
    {
        if (mishap is HttpMishap.LostAnswer)
        {
            response.Abort();
            return;
        }

        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.AddHeader(name, value);
        response.ContentLength64 = answer.Content.Length;
        if (mishap is HttpMishap.HalfAnswer)
        {
            await response.OutputStream.WriteAsync(answer.Content.AsMemory(0, answer.Content.Length / 2));
            await response.OutputStream.FlushAsync();
            response.Abort();
            return;
        }

        await response.OutputStream.WriteAsync(answer.Content);
        response.Close();
    }

    private ServerAnswer Answer(HttpListenerRequest request, byte[] body)
    {
        var (path, query) = (request.RawUrl!.Split('?')[0], HttpUtility.ParseQueryString(request.Url!.Query));
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
        if (request.HttpMethod == "DELETE")
            return bucket.Delete(name, ifGeneration) is var status and not 204 ? Error(status, status == 404 ? $"No such object: {parts[3]}/{name}" : Precondition) : new(204);
        if (bucket.Find(name) is not { } found || (query["generation"] is { } generation && generation != Text(found.Generation)))
            return query["alt"] == "media" ? new(404) { Content = Encoding.UTF8.GetBytes($"No such object: {parts[3]}/{name}") } : Error(404, $"No such object: {parts[3]}/{name}");
        return query["alt"] == "media" ? Media(found, request.Headers["Range"]) : Json(Describe(found));
    }

    private ServerAnswer Upload(
        string bucketName, CloudStorageBucket bucket, HttpListenerRequest request, string? type, string? session, long? ifGeneration, byte[] body)
    {
        if (session is not null)
            return Continue(bucket, session, request.Headers["Content-Range"] ?? $"bytes */{body.Length}", body);
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
