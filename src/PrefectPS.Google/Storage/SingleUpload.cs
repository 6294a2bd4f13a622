using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace PrefectPS.Google.Storage;

/// <summary>Uploads an object in one request.</summary>
/// <remarks>
/// The client's uploads are resumable: one request starts it, and at least one more sends the content. A step writes several small
/// objects, and each request costs time and money. So this sends a multipart request: the client's own insert, with the
/// content as the second part.
/// </remarks>
internal static class SingleUpload
{
    /// <summary>Uploads an object.</summary>
    /// <param name="client">The client.</param>
    /// <param name="target">The object's metadata.</param>
    /// <param name="content">The content.</param>
    /// <param name="ifGeneration">The required generation, 0 for a missing object; null for any.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public static Task<Object> InsertAsync(
        this StorageClient client, Object target, ArraySegment<byte> content, long? ifGeneration, CancellationToken cancellationToken)
    {
        var request = client.Service.Objects.Insert(target, target.Bucket);
        request.UploadType = "multipart";
        request.IfGenerationMatch = ifGeneration;
        request.ModifyRequest = message =>
        {
            var uri = new UriBuilder(message.RequestUri!);
            uri.Path = "upload" + uri.Path;
            message.RequestUri = uri.Uri;
            message.Content = new MultipartContent("related")
            {
                message.Content!,
                new ByteArrayContent(content.Array!, content.Offset, content.Count) { Headers = { ContentType = new(target.ContentType) } },
            };
        };
        return request.ExecuteAsync(cancellationToken);
    }
}
