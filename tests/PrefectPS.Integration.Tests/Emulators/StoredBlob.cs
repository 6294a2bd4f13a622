namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>An object in the server's bucket.</summary>
internal sealed record StoredBlob(string Name, byte[] Content, long Generation, DateTimeOffset Updated, IReadOnlyDictionary<string, string> Metadata);
