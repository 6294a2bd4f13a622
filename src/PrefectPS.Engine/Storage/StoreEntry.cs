namespace PrefectPS.Storage;

/// <summary>An object in a listing.</summary>
/// <param name="Path">Its path in the store.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="LastModified">When it was last written, by the store's own clock.</param>
public sealed record StoreEntry(string Path, long Length, DateTimeOffset LastModified);
