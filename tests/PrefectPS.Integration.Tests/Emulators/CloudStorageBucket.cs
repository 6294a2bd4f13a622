using System.Text;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>The objects of a bucket, with the documented semantics: generations that only grow, preconditions on them, names in the order of their UTF-8.</summary>
internal sealed class CloudStorageBucket
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredBlob> _objects = new(Comparer<string>.Create((x, y) => Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))));
    private long _generation = 1_700_000_000_000_000;

    public StoredBlob? Find(string name)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(name);
    }

    /// <summary>Whether a precondition holds: none, or the generation, which is 0 for what is not there.</summary>
    public bool Holds(string name, long? ifGeneration)
    {
        lock (_gate)
            return ifGeneration is null || ifGeneration == (_objects.GetValueOrDefault(name)?.Generation ?? 0);
    }

    /// <summary>Writes an object; null where the precondition does not hold.</summary>
    public StoredBlob? Put(string name, byte[] content, IReadOnlyDictionary<string, string> metadata, long? ifGeneration)
    {
        lock (_gate)
        {
            return Holds(name, ifGeneration) ? _objects[name] = new(name, content, ++_generation, DateTimeOffset.UtcNow, metadata) : null;
        }
    }

    /// <summary>Deletes an object; the status that says how it went.</summary>
    public int Delete(string name, long? ifGeneration)
    {
        lock (_gate)
            return !Holds(name, ifGeneration) ? 412 : _objects.Remove(name) ? 204 : 404;
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
