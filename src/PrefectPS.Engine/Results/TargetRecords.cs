using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PrefectPS.Storage;

namespace PrefectPS.Results;

/// <summary>
/// What is on record of targets in a store: by what each was made. A record is of a content and not of a path, so that a target that others wrote has none,
/// and it is written before the target: a process that dies between the two leaves one that counts for nothing.
/// </summary>
/// <remarks>Records may be deleted at any time, all or some: then nothing is known of their targets, as of those that others wrote.</remarks>
internal sealed class TargetRecords(IFlowStore store)
{
    /// <summary>What their paths begin with.</summary>
    public const string Root = "cache/targets/";

    private const int HashLength = 32; // of 64 hexadecimal digits
    private const int MaxMade = 3; // the newest, that in the target's place until it is written, and that of another run beside
    private const int MaxTries = 10;
    private const int Version = 1;
    private const string VersionKey = "version";
    private const string TargetKey = "target";
    private const string MadeKey = "made";
    private const string ContentKey = "content";
    private const string LengthKey = "length";
    private const string ScriptKey = "script";
    private const string InputsKey = "inputs";

    /// <summary>By what the content of a target was made; null where that is not known.</summary>
    /// <param name="target">The target.</param>
    /// <param name="found">Its content, which is read.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public TargetMark? Find(string target, StoredObject found, CancellationToken stop)
    {
        var made = Read(target, out _, out _, stop);
        if (!made.Exists(each => each.Length == found.Length))
            return null;
        var content = ContentHash.Of(found.Content);
        return made.Find(each => each.Content == content)?.Mark;
    }

    /// <summary>Takes down by what a content is made that is about to be written to a target.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>.</exception>
    public void Add(string target, Stream content, TargetMark mark, CancellationToken stop)
    {
        var start = content.Position;
        var made = new Made(ContentHash.Of(content), content.Length - start, mark);
        content.Position = start;
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var before = Read(target, out var version, out var isOfLaterVersion, stop);
            if (isOfLaterVersion || (before.Count > 0 && before[0] == made))
                return;
            var record = Write(target, [made, .. before.Where(each => each.Content != made.Content).Take(MaxMade - 1)]);
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
            // It is made again just now.
        }
    }

    private static string PlaceOf(string target)
    {
        using var sha = SHA256.Create();
        return $"{Root}{HashText.Of(sha.ComputeHash(Encoding.UTF8.GetBytes(target))).Substring(0, HashLength)}.json";
    }

    // One that cannot be read says nothing, and the next one takes its place.
    private List<Made> Read(string target, out string? version, out bool isOfLaterVersion, CancellationToken stop)
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

    private static Made Read(JsonElement made) => new(
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

    private static byte[] Write(string target, IEnumerable<Made> all) => JsonStyle.ToBytes(json =>
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
            if (made.Mark.Script is { } script)
                json.WriteString(ScriptKey, script);
            if (made.Mark.Inputs is { } inputs)
                json.WriteString(InputsKey, inputs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>A content, by its hash and size, and what it was made by.</summary>
    private sealed record Made(string Content, long Length, TargetMark Mark);
}
