using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>
/// Records of the fingerprints of targets, in the store. A record is keyed by content, not by path, so targets written by others have none. It is written before its
/// target; after a crash between the two it matches nothing.
/// </summary>
/// <remarks>Records may be deleted at any time; their targets then count as written by others.</remarks>
internal sealed class TargetRecords(IFlowStore store)
{
    /// <summary>The records' folder.</summary>
    public const string Root = "cache/targets/";

    private const int HashLength = 32; // hexadecimal digits, of 64
    private const int MaxEntries = 3; // the newest, the one it replaces, and a concurrent run's
    private const int MaxTries = 10;
    private const int Version = 1;
    private const string VersionKey = "version";
    private const string TargetKey = "target";
    private const string MadeKey = "made";
    private const string ContentKey = "content";
    private const string LengthKey = "length";
    private const string ScriptKey = "script";
    private const string InputsKey = "inputs";

    /// <summary>Finds the fingerprint that produced a target's content; null if unknown.</summary>
    /// <param name="target">The target.</param>
    /// <param name="found">The target's content, which is read.</param>
    /// <param name="stop">Cancels the operation.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public TargetFingerprint? Find(string target, StoredObject found, CancellationToken stop)
    {
        var made = Read(target, out _, out _, stop);
        if (!made.Exists(each => each.Length == found.Length))
            return null;
        var content = ContentHash.Of(found.Content);
        return made.Find(each => each.Content == content)?.Fingerprint;
    }

    /// <summary>Records the fingerprint of a content that is about to be written to a target.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void Add(string target, Stream content, TargetFingerprint fingerprint, CancellationToken stop)
    {
        var start = content.Position;
        var made = new Entry(ContentHash.Of(content), content.Length - start, fingerprint);
        content.Position = start;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var before = Read(target, out var version, out var isOfLaterVersion, stop);
            if (isOfLaterVersion || (before.Count > 0 && before[0] == made))
                return;
            var record = Write(target, [made, .. before.Where(each => each.Content != made.Content).Take(MaxEntries - 1)]);
            if (store.TryWrite(PlaceOf(target), new MemoryStream(record, writable: false), WriteCondition.IfUnchanged(version), stop))
                return;
        }
    }

    /// <summary>Deletes a record whose target is gone.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void DeleteWithoutTarget(string record)
    {
        using var stored = store.ReadAsync(record, CancellationToken.None).Wait();
        if (stored is null || TargetOf(stored.ReadAllAsync(CancellationToken.None).Wait()) is not { } target || PlaceOf(target) != record)
            return;
        using var found = store.ReadAsync(target, CancellationToken.None).Wait();
        try
        {
            if (found is null)
                store.DeleteAsync(record, stored.Version, CancellationToken.None).Wait();
        }
        catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
        {
            // Another writer has just replaced it.
        }
    }

    private static string PlaceOf(string target)
    {
        using var sha = SHA256.Create();
        return $"{Root}{HashText.Of(sha.ComputeHash(Encoding.UTF8.GetBytes(target))).Substring(0, HashLength)}.json";
    }

    // An unreadable record counts as empty and is overwritten.
    private List<Entry> Read(string target, out string? version, out bool isOfLaterVersion, CancellationToken stop)
    {
        isOfLaterVersion = false;
        using var stored = store.ReadAsync(PlaceOf(target), stop).Wait();
        version = stored?.Version;
        if (stored is null)
            return [];
        try
        {
            using var document = JsonDocument.Parse(stored.ReadAllAsync(stop).Wait());
            var record = document.RootElement;
            isOfLaterVersion = record.GetProperty(VersionKey).GetInt32() > Version;
            return isOfLaterVersion || record.GetProperty(TargetKey).GetString() != target ? [] : [.. record.GetProperty(MadeKey).EnumerateArray().Select(Read)];
        }
        catch (Exception e) when (IsDamage(e))
        {
            return [];
        }
    }

    private static Entry Read(JsonElement made) => new(
        made.GetProperty(ContentKey).GetString() ?? string.Empty, made.GetProperty(LengthKey).GetInt64(), new(TextOf(made, ScriptKey), TextOf(made, InputsKey)));

    private static string? TextOf(JsonElement made, string key) => made.TryGetProperty(key, out var text) ? text.GetString() : null;

    private static string? TargetOf(byte[] record)
    {
        try
        {
            using var document = JsonDocument.Parse(record);
            return document.RootElement.GetProperty(TargetKey).GetString() is { } target ? StorePath.Check(target) : null;
        }
        catch (Exception e) when (IsDamage(e) || e is FlowException)
        {
            return null;
        }
    }

    private static bool IsDamage(Exception e) => e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException;

    private static byte[] Write(string target, IEnumerable<Entry> all) => JsonStyle.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteNumber(VersionKey, Version);
        json.WriteString(TargetKey, target);
        json.WriteStartArray(MadeKey);
        foreach (var made in all)
        {
            json.WriteStartObject();
            json.WriteString(ContentKey, made.Content);
            json.WriteNumber(LengthKey, made.Length);
            if (made.Fingerprint.Script is { } script)
                json.WriteString(ScriptKey, script);
            if (made.Fingerprint.Inputs is { } inputs)
                json.WriteString(InputsKey, inputs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>A content, by hash and size, and the fingerprint that produced it.</summary>
    private sealed record Entry(string Content, long Length, TargetFingerprint Fingerprint);
}

/// <summary>Fingerprint of the script and inputs that produced a target. Immutable.</summary>
/// <param name="Script">The script's hash; null if unknown.</param>
/// <param name="Inputs">The hash of the input values; null if unknown.</param>
internal sealed record TargetFingerprint(string? Script, string? Inputs);
