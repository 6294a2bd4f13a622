using System.Globalization;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Results kept in a store: there for every process that uses it. An entry says how long it counts and where its result is.</summary>
/// <remarks>Entries may be deleted at any time, all or some: their tasks run again.</remarks>
internal sealed class StoreCache(ResultStore results) : ITaskCache
{
    private const string EntryName = "entry.json";
    private const int Version = 1;

    public CachedResult? Find(string path, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var place = $"{path}/{EntryName}";
        if (results.Store.ReadAll(place, cancellationToken) is not { } content)
            return null;
        var (entry, location, serializer) = Parse(place, content);
        if (entry.Until <= now || location is null)
            return entry.Until <= now ? null : entry;
        // A result that someone has deleted must not be promised.
        return results.Find(location, serializer, cancellationToken) is { } found ? entry with { Result = found } : null;
    }

    public void Keep(string path, CachedResult result, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var content = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber(DocumentKeys.Version, Version);
            json.WriteString(DocumentKeys.Message, result.Message);
            json.WriteString(DocumentKeys.CachedExpiration, result.Until.UtcDateTime);
            json.WriteString(DocumentKeys.Location, result.Result?.Location);
            json.WriteString(DocumentKeys.Serializer, result.Result?.Serializer);
            json.WriteEndObject();
        });
        results.Store.WriteAll($"{path}/{EntryName}", content, cancellationToken);
    }

    private (CachedResult Entry, string? Location, string? Serializer) Parse(string place, byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var entry = document.RootElement;
            var until = DateTimeOffset.Parse(entry.GetProperty(DocumentKeys.CachedExpiration).GetString()
                ?? string.Empty, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var location = entry.GetProperty(DocumentKeys.Location).GetString();
            var serializer = entry.TryGetProperty(DocumentKeys.Serializer, out var form) ? form.GetString() : null;
            return (new(until, entry.GetProperty(DocumentKeys.Message).GetString(), Result: null), location is null ? null : StorePath.Check(location), serializer);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or FlowException)
        {
            throw FlowErrors.CacheEntryInvalid(results.Store.Name, place, e);
        }
    }
}
