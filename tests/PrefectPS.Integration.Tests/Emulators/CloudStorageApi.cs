using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.Web;
using Microsoft.AspNetCore.Http;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Google Cloud Storage's JSON API as documented: uploads in one request and in blocks, downloads, preconditions, listings.</summary>
internal sealed class CloudStorageApi
{
    private const int MaxPage = 1000;
    private const string Precondition = "At least one of the pre-conditions you specified did not hold.";
    private const string HashHeader = "x-goog-hash";

    private readonly ConcurrentDictionary<string, CloudStorageBucket> _buckets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Makes an empty bucket.</summary>
    public void CreateBucket(string name) => _buckets[name] = new();

    /// <summary>Handles a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="target">Its target as it was sent, with all that is escaped in it.</param>
    /// <param name="body">Its content, or what came of it before the connection broke.</param>
    /// <param name="isBroken">Whether it did.</param>
    public ServerAnswer Answer(HttpRequest request, string target, byte[] body, bool isBroken)
    {
        var (path, query) = (target.Split('?')[0], HttpUtility.ParseQueryString(request.QueryString.Value ?? string.Empty));
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isUpload = parts[0] == "upload";
        if (isUpload)
            parts = parts[1..];
        // storage/v1/b/BUCKET/o/OBJECT
        if (!_buckets.TryGetValue(parts[3], out var bucket))
            return NotFound("The specified bucket does not exist.", query);
        if (isUpload)
        {
            return query["upload_id"] is { } id
                ? Continue(bucket, id, request, body, isBroken)
                : Upload(bucket, parts[3], request, query, body);
        }

        if (parts.Length == 5)
            return query["delimiter"] is { } delimiter
                ? ListFolders(bucket, query["prefix"] ?? string.Empty, delimiter, query["pageToken"], query["maxResults"])
                : List(bucket, query["prefix"] ?? string.Empty, query["pageToken"], query["maxResults"]);

        var name = Uri.UnescapeDataString(parts[5]);
        long? generation = query["generation"] is { } given ? long.Parse(given, CultureInfo.InvariantCulture) : null;
        if (request.Method == "DELETE")
        {
            return bucket.Delete(name, generation, BlobConditions.Of(query)) is var status and not 204
                ? ServerAnswer.Error(status, status == 404 ? $"No such object: {parts[3]}/{name}" : Precondition)
                : new(204);
        }

        if (bucket.Find(name, generation) is not { } found)
            return NotFound($"No such object: {parts[3]}/{name}", query);
        if (BlobConditions.Of(query).Failure(found, isRead: true) is { } failure)
            return failure == 304 ? new(304) : ServerAnswer.Error(failure, Precondition);
        return query["alt"] == "media" ? Media(found, request.Headers.Range) : ServerAnswer.Json(found.Describe());
    }

    private ServerAnswer Upload(CloudStorageBucket bucket, string bucketName, HttpRequest request, NameValueCollection query, byte[] body)
    {
        var conditions = BlobConditions.Of(query);
        if (query["uploadType"] == "multipart")
        {
            var (description, content) = MultipartBody.Split(request.ContentType!, body);
            return Put(bucket, BlobTarget.Read(bucketName, description), BlobContent.Of(content), conditions);
        }

        var target = BlobTarget.Read(bucketName, body);
        if (conditions.Failure(bucket.Find(target.Name)) is { } failure)
            return ServerAnswer.Error(failure, Precondition);
        var id = Guid.NewGuid().ToString("n");
        _sessions[id] = new(target, conditions);
        var location = $"http://{request.Host}/upload/storage/v1/b/{bucketName}/o?uploadType=resumable&upload_id={id}";
        return new(200) { Headers = { ["Location"] = location } };
    }

    private ServerAnswer Continue(CloudStorageBucket bucket, string id, HttpRequest request, byte[] block, bool isBroken)
    {
        if (!_sessions.TryGetValue(id, out var session))
            return ServerAnswer.Error(404, "No such upload.");
        if (session.Written is { } written)
            return ServerAnswer.Json(written.Describe());
        try
        {
            if (!session.Take(request.Headers.ContentRange.FirstOrDefault() ?? $"bytes */{block.Length}", block, isBroken))
                return session.Range is { } received ? new(308) { Headers = { ["Range"] = received } } : new(308);
        }
        catch (InvalidDataException e)
        {
            return ServerAnswer.Error(400, e.Message);
        }

        if (request.Headers[HashHeader].FirstOrDefault() is { } hash && hash != $"crc32c={session.Content.Crc32C}")
            return ServerAnswer.Error(400, $"Provided {hash} doesn't match calculated CRC32C {session.Content.Crc32C}.");
        var answer = Put(bucket, session.Target, session.Content, session.Conditions);
        session.Written = answer.Status == 200 ? bucket.Find(session.Target.Name) : null;
        return answer;
    }

    private static ServerAnswer Put(CloudStorageBucket bucket, BlobTarget target, BlobContent content, BlobConditions conditions) =>
        bucket.Put(target, content, conditions) is { } written
            ? ServerAnswer.Json(written.Describe())
            : ServerAnswer.Error(412, Precondition);

    private static ServerAnswer List(CloudStorageBucket bucket, string prefix, string? after, string? count)
    {
        var (items, next) = bucket.List(prefix, after, count is null ? MaxPage : int.Parse(count, CultureInfo.InvariantCulture));
        return ServerAnswer.Json(new { kind = "storage#objects", items = items.Select(item => item.Describe()), nextPageToken = next });
    }

    // Objects directly below the prefix are omitted, as no caller uses them.
    private static ServerAnswer ListFolders(CloudStorageBucket bucket, string prefix, string delimiter, string? after, string? count)
    {
        string[] folders =
        [
            .. bucket.List(prefix, null, int.MaxValue - 1).Items.Select(item => item.Name).Where(name => name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) >= 0)
                .Select(name => name[..(name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) + delimiter.Length)]).Distinct().Order(StringComparer.Ordinal)
                .Where(folder => string.CompareOrdinal(folder, after) > 0),
        ];
        var page = folders.Take(count is null ? MaxPage : int.Parse(count, CultureInfo.InvariantCulture)).ToArray();
        return ServerAnswer.Json(new { kind = "storage#objects", prefixes = page, nextPageToken = page.Length < folders.Length ? page[^1] : null });
    }

    // Only open-ended ranges, as a resumed download requests.
    private static ServerAnswer Media(StoredBlob found, string? range)
    {
        var start = range is null ? 0 : long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new(start == 0 ? 200 : 206)
        {
            Blob = (found.Content, start),
            Headers =
            {
                ["x-goog-generation"] = found.Generation.ToString(CultureInfo.InvariantCulture),
                [HashHeader] = $"crc32c={found.Content.Crc32C}",
            },
        };
    }

    // Content requests get plain-text errors.
    private static ServerAnswer NotFound(string message, NameValueCollection query) =>
        query["alt"] == "media" ? ServerAnswer.Text(message, 404) : ServerAnswer.Error(404, message);
}
