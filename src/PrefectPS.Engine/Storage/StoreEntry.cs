namespace PrefectPS.Storage;

/// <summary>An object in a listing.</summary>
/// <param name="Path">The path in the store.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="LastModified">When it was last written, by the store's clock.</param>
public sealed record StoreEntry(string Path, long Length, DateTimeOffset LastModified);
