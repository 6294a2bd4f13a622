using System.Text.Json;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The metadata of an upload.</summary>
internal sealed record BlobTarget(string Bucket, string Name, string? ContentType, IReadOnlyDictionary<string, string> Metadata)
{
    public static BlobTarget Read(string bucket, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var metadata = document.RootElement.TryGetProperty("metadata", out var given)
            ? given.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!)
            : [];
        var contentType = document.RootElement.TryGetProperty("contentType", out var type) ? type.GetString() : null;
        return new(bucket, document.RootElement.GetProperty("name").GetString()!, contentType, metadata);
    }
}
