using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Caches results in a store, shared by all processes that use it. An entry has the expiry and the location of its result.</summary>
/// <remarks>Entries may be deleted at any time: their tasks run again.</remarks>
internal sealed class StoreCache(ResultStore results) : ITaskCache
{
    private const string EntryName = "entry.json";
    private const int Version = 1;
    private const string VersionKey = "version";
    private const string MessageKey = "message";
    private const string UntilKey = "cached_result_expiration";
    private const string LocationKey = "location";
    private const string SerializerKey = "serializer";

    public CachedResult? Find(string path, DateTimeOffset now, out WriteCondition unchanged, CancellationToken cancellationToken)
    {
        var place = PlaceOf(path);
        using var stored = results.Store.ReadAsync(place, cancellationToken).Wait();
        unchanged = WriteCondition.IfUnchanged(stored?.Version);
        if (stored is null)
            return null;
        var content = stored.ReadAllAsync(cancellationToken).Wait();
        var (entry, location, serializer) = Parse(place, content);
        if (entry.Until <= now || location is null)
            return entry.Until <= now ? null : entry;
        // The result may have been deleted.
        return results.Find(location, serializer, cancellationToken) is { } found ? entry with { Result = found } : null;
    }

    public WriteCondition Look(string path, CancellationToken cancellationToken)
    {
        using var stored = results.Store.ReadAsync(PlaceOf(path), cancellationToken).Wait();
        return WriteCondition.IfUnchanged(stored?.Version);
    }

    public void Keep(string path, CachedResult result, DateTimeOffset now, WriteCondition unchanged, CancellationToken cancellationToken)
    {
        var content = JsonStyle.ToBytes(json =>
        {
            json.WriteStartObject();
            json.WriteNumber(VersionKey, Version);
            json.WriteString(MessageKey, result.Message);
            json.WriteString(UntilKey, result.Until.UtcDateTime);
            json.WriteString(LocationKey, result.Result?.Location);
            json.WriteString(SerializerKey, result.Result?.Serializer);
            json.WriteEndObject();
        });
        results.Store.TryWrite(PlaceOf(path), new MemoryStream(content, writable: false), unchanged, cancellationToken);
    }

    /// <summary>True if the entry was valid at a time.</summary>
    /// <param name="path">The path.</param>
    /// <param name="time">The time.</param>
    /// <param name="location">Location of the result; null if none, or if it cannot be used.</param>
    /// <param name="version">Version of the entry.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public bool IsAlive(string path, DateTimeOffset time, out string? location, out string? version)
    {
        var place = PlaceOf(path);
        using var stored = results.Store.ReadAsync(place, CancellationToken.None).Wait();
        version = stored?.Version;
        location = null;
        if (stored is null)
            return false;
        try
        {
            var (entry, found, _) = Parse(place, stored.ReadAllAsync(CancellationToken.None).Wait());
            location = entry.Until > time ? found : null;
            return entry.Until > time;
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            return false;
        }
    }

    /// <summary>Path of the entry object.</summary>
    public static string EntryOf(string path) => PlaceOf(path);

    private static string PlaceOf(string path) => $"{path}/{EntryName}";

    private (CachedResult Entry, string? Location, string? Serializer) Parse(string place, byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var entry = document.RootElement;
            var until = DateTimeOffset.Parse(entry.GetProperty(UntilKey).GetString()
                ?? string.Empty, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            var location = entry.GetProperty(LocationKey).GetString();
            var serializer = entry.TryGetProperty(SerializerKey, out var form) ? form.GetString() : null;
            return (new(until, entry.GetProperty(MessageKey).GetString(), Result: null), location is null ? null : StorePath.Check(location), serializer);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or FlowException)
        {
            throw FlowErrors.CacheEntryInvalid(results.Store.Name, place, e);
        }
    }
}
