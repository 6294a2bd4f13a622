using System.Globalization;
using System.Security.Cryptography;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Caching;

/// <summary>Cache paths: one per task or key and set of values that the result depends on.</summary>
internal static class CachePath
{
    private const int HashLength = 32; // of 64 hex digits: keeps paths short, and still excludes accidental collisions

    /// <summary>Computes the cache path for these values.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: a value cannot be serialized.</exception>
    public static string Of(FlowTask task, IEnumerable<KeyValuePair<string, object?>> values)
    {
        var policy = task.Cache!;
        var place = policy.Key is { } key
            ? $"cache/shared/{StorePath.Escape(key)}"
            : $"cache/tasks/{StorePath.Escape(task.Flow.Name)}/{StorePath.Escape(task.Slug)}";
        return $"{place}/{Hash(policy.Key is null ? SourceOf(task) : null, IsPlain(place) ? null : place, values, task.Flow.Services.Values)}";
    }

    /// <summary>Path of a run's result below the cache path, unique per write: results in use never change.</summary>
    public static string ResultOf(string path, RunIdentity run, int? mapIndex, string extension)
    {
        var child = mapIndex is { } index ? $"[{index.ToString(CultureInfo.InvariantCulture)}]" : string.Empty;
        return $"{path}/{StorePath.Escape($"{run.RunId}.{run.Step.ToString(CultureInfo.InvariantCulture)}{child}.{Guid.NewGuid():n}{extension}")}";
    }

    // A changed script invalidates the cache, unless the task shares a key, which vouches for equal results.
    private static string SourceOf(FlowTask task) => (task.Subflow?.Plan.Fingerprint ?? task.Body!.Source).Replace("\r\n", "\n");

    // Some stores are case-insensitive.
    private static bool IsPlain(string place) => place.All(c => c is < '\x80' and not (>= 'A' and <= 'Z'));

    private static string Hash(string? source, string? place, IEnumerable<KeyValuePair<string, object?>> values, IValueAdapter adapter)
    {
        var content = CanonicalValue.Of(json =>
        {
            json.WriteStartArray();
            json.WriteStringValue(source);
            if (place is not null)
                json.WriteStringValue(place);
            foreach (var value in values)
            {
                json.WriteStringValue(value.Key.ToLowerInvariant());
                ValueWriter.Write(json, value.Value, adapter, FileHashes.Instance, isForHash: true);
            }

            json.WriteEndArray();
        });
        using var sha = SHA256.Create();
        return HashText.Of(sha.ComputeHash(content)).Substring(0, HashLength);
    }
}
