using System.Security.Cryptography;

namespace PrefectPS.Documents;

/// <summary>The keys that state documents are signed with, by their ids: one signs, each of them is taken when a document is read.</summary>
internal sealed class SigningKeys
{
    /// <summary>How short a key may be, in bytes.</summary>
    public const int MinKeyLength = 16;

    /// <summary>The id of a key that was given none.</summary>
    public const string DefaultId = "default";

    private readonly KeyValuePair<string, byte[]>[] _keys;
    private readonly KeyValuePair<string, byte[]> _signer;

    /// <param name="keys">The keys, by their ids; at least one.</param>
    /// <param name="signer">The id of the one that signs; null for the first.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SigningKeyInvalid"/>.</exception>
    public SigningKeys(IEnumerable<KeyValuePair<string, byte[]>> keys, string? signer = null)
    {
        _keys = [.. keys];
        foreach (var key in _keys)
        {
            if (key.Value.Length < MinKeyLength)
                throw FlowErrors.SigningKeyTooShort(key.Key, MinKeyLength);
        }

        _signer = signer is null ? _keys[0] : Array.Find(_keys, key => key.Key == signer);
        if (_signer.Value is null)
            throw FlowErrors.SigningKeyUnknown(signer!, _keys.Select(key => key.Key));
    }

    /// <summary>A single key, whose id says nothing: it is tried on any signature.</summary>
    public SigningKeys(byte[] key)
        : this([new KeyValuePair<string, byte[]>(DefaultId, key)], signer: null) => IsAnonymous = true;

    /// <summary>The id of the key that signs.</summary>
    public string SignerId => _signer.Key;

    private bool IsAnonymous { get; }

    /// <summary>The HMAC-SHA256 of a content, by the key that signs.</summary>
    public byte[] Sign(byte[] content) => Compute(_signer.Value, content);

    /// <summary>Checks a signature, in a time that does not depend on where it is wrong.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateTampered"/>.</exception>
    public void Verify(string keyId, byte[] content, byte[] signature)
    {
        var key = IsAnonymous ? _signer.Value : Array.Find(_keys, key => key.Key == keyId).Value;
        if (key is null)
            throw FlowErrors.StateTampered($"it is signed with the key '{JsonTokens.Shorten(keyId)}', which is not among those given");
        if (!SameBytes.Are(Compute(key, content), signature))
            throw FlowErrors.StateTampered("its signature does not match its content: it was altered or truncated, or is signed with another key");
    }

    private static byte[] Compute(byte[] key, byte[] content)
    {
        using var hmac = new HMACSHA256(key);
        return hmac.ComputeHash(content);
    }
}
