using System.Text;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The objects of a bucket without versioning: generations that only grow, preconditions, names in the order of their UTF-8.</summary>
internal sealed class CloudStorageBucket
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredBlob> _objects =
        new(Comparer<string>.Create((x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))));

    private long _generation = 1_700_000_000_000_000;

    /// <summary>The object with a name; null where there is none, or none of the generation.</summary>
    public StoredBlob? Find(string name, long? generation = null)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(name) is { } found && (generation ?? found.Generation) == found.Generation ? found : null;
    }

    /// <summary>Writes an object; null where the preconditions do not hold.</summary>
    public StoredBlob? Put(BlobTarget target, BlobContent content, BlobConditions conditions)
    {
        lock (_gate)
        {
            return conditions.Failure(_objects.GetValueOrDefault(target.Name)) is null
                ? _objects[target.Name] = new(target, content, ++_generation, DateTimeOffset.UtcNow)
                : null;
        }
    }

    /// <summary>Deletes an object; the status that says how it went.</summary>
    public int Delete(string name, long? generation, BlobConditions conditions)
    {
        lock (_gate)
        {
            var current = _objects.GetValueOrDefault(name);
            return conditions.Failure(current) is { } failure ? failure
                : current is null || (generation ?? current.Generation) != current.Generation ? 404
                : _objects.Remove(name) ? 204 : 404;
        }
    }

    /// <summary>A page of a listing, and the token of the next, which is the name it begins after.</summary>
    public (StoredBlob[] Items, string? Next) List(string prefix, string? after, int count)
    {
        lock (_gate)
        {
            var items = _objects.Values.Where(item => item.Name.StartsWith(prefix, StringComparison.Ordinal));
            if (after is not null)
                items = items.SkipWhile(item => item.Name != after).Skip(1);
            StoredBlob[] page = [.. items.Take(count + 1)];
            return page.Length > count ? (page[..count], page[count - 1].Name) : (page, null);
        }
    }
}
