using Google.Apis.Services;
using Google.Apis.Upload;
using Google.Apis.Util;

namespace PrefectPS.Google.Storage.Api;

/// <summary>An upload in blocks, of which each is sent again where it broke. The object is there when the last one is.</summary>
internal sealed class ObjectUpload : ResumableUpload<StorageObject, StorageObject>
{
    private const string Post = "POST";

    public ObjectUpload(IClientService service, string path, StorageObject target, Stream content, int blockSize)
        : base(service, path, Post, content, StorageClient.ContentType)
    {
        Body = target;
        ChunkSize = blockSize;
    }

    /// <summary>The generation that the object must have; 0 for none.</summary>
    [RequestParameter("ifGenerationMatch", RequestParameterType.Query)]
    public string? IfGenerationMatch { get; set; }
}
