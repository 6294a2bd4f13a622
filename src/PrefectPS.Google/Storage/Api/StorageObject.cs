using Newtonsoft.Json;

namespace PrefectPS.Google.Storage.Api;

/// <summary>What the JSON API tells of an object, and is told of it.</summary>
internal sealed class StorageObject
{
    [JsonProperty("name")]
    public string Name { get; set; } = string.Empty;

    [JsonProperty("generation")]
    public string? Generation { get; set; }

    [JsonProperty("size")]
    public string? Size { get; set; }

    [JsonProperty("updated")]
    public string? Updated { get; set; }

    [JsonProperty("metadata")]
    public IDictionary<string, string>? Metadata { get; set; }
}
