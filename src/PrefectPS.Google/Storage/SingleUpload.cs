using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace PrefectPS.Google.Storage;

/// <summary>Writes an object in one request.</summary>
/// <remarks>
/// An upload of the client's own is resumable: one request begins it, and at least one more sends the content. A step writes several small
/// objects, and each request costs time and money. So they go as multipart requests: the client's own request for a new object, with the
/// content as its second part.
/// </remarks>
internal static class SingleUpload
{
    /// <summary>Writes an object.</summary>
    /// <param name="client">The client.</param>
    /// <param name="target">What the object is.</param>
    /// <param name="content">Its content.</param>
    /// <param name="ifGeneration">The generation that the object with this name must have, 0 for none; null for any.</param>
    /// <param name="cancellationToken">Stops it.</param>
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
