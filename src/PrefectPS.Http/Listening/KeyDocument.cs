using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>A JSON Web Key Set.</summary>
/// <param name="Keys">The keys for verifying signatures.</param>
/// <param name="IsWhole">False where a key did not parse, so that missing keys may still be valid.</param>
internal sealed record KeyDocument(IReadOnlyList<SecurityKey> Keys, bool IsWhole)
{
    /// <summary>Parses a set, key by key.</summary>
    /// <remarks>The library's parser either rejects a set with a bad key or silently drops the key.</remarks>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="FormatException">The JSON is not a key set.</exception>
    public static KeyDocument Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind is not JsonValueKind.Object
            || !document.RootElement.TryGetProperty("keys", out var entries) || entries.ValueKind is not JsonValueKind.Array)
        {
            throw new FormatException("An object with an array 'keys' was expected.");
        }

        var keys = new List<SecurityKey>();
        var isWhole = true;
        foreach (var entry in entries.EnumerateArray())
        {
            if (TryParse(entry, out var found))
                keys.AddRange(found);
            else
                isWhole = false;
        }

        return new(keys, isWhole);
    }

    // Keys of other types or uses are ignored (RFC 7517, 5).
    private static bool TryParse(JsonElement entry, out IList<SecurityKey> keys)
    {
        keys = [];
        try
        {
            var key = new JsonWebKey(entry.GetRawText());
            keys = new JsonWebKeySet { Keys = { key } }.GetSigningKeys();
            return keys.Count > 0
                || key.Kty is not (null or JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve)
                || key.Use is not (null or "sig");
        }
        catch (Exception)
        {
            return false;
        }
    }
}
