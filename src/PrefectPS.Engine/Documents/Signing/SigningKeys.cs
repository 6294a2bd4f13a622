using System.Security.Cryptography;

namespace PrefectPS.Documents;

/// <summary>The keys of state documents, by id: one signs, all verify.</summary>
public sealed class SigningKeys
{
    /// <summary>The shortest key, in bytes.</summary>
    internal const int MinKeyLength = 16;

    /// <summary>The id of an unnamed key.</summary>
    internal const string DefaultId = "default";

    private readonly KeyValuePair<string, byte[]>[] _keys;
    private readonly KeyValuePair<string, byte[]> _signer;

    /// <param name="keys">The keys by id; at least one.</param>
    /// <param name="signer">The id of the signing key; null for the first.</param>
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

    /// <summary>Creates a single unnamed key, which verifies signatures of any key id.</summary>
    public SigningKeys(byte[] key)
        : this([new KeyValuePair<string, byte[]>(DefaultId, key)], signer: null) => IsAnonymous = true;

    /// <summary>The id of the signing key.</summary>
    public string SignerId => _signer.Key;

    private bool IsAnonymous { get; }

    /// <summary>Computes the HMAC-SHA256 of a content with the signing key.</summary>
    public byte[] Sign(byte[] content) => Compute(_signer.Value, content);

    /// <summary>Verifies a signature in constant time.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateTampered"/>.</exception>
    public void Verify(string keyId, byte[] content, byte[] signature)
    {
        var key = IsAnonymous ? _signer.Value : Array.Find(_keys, key => key.Key == keyId).Value;
        if (key is null)
            throw FlowErrors.StateTampered($"it is signed with the key '{JsonTokens.Shorten(keyId)}', which is not among those given");
        if (!FixedTimeBytes.AreEqual(Compute(key, content), signature))
            throw FlowErrors.StateTampered("its signature does not match its content: it was altered or truncated, or is signed with another key");
    }

    private static byte[] Compute(byte[] key, byte[] content)
    {
        using var hmac = new HMACSHA256(key);
        return hmac.ComputeHash(content);
    }
}
