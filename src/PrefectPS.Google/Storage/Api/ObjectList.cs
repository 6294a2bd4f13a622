using Newtonsoft.Json;

namespace PrefectPS.Google.Storage.Api;

/// <summary>A page of a listing.</summary>
internal sealed class ObjectList
{
    [JsonProperty("items")]
    public IList<StorageObject>? Items { get; set; }

    [JsonProperty("nextPageToken")]
    public string? NextPageToken { get; set; }
}
