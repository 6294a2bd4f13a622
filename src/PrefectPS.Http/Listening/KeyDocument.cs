using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Http.Listening;

/// <summary>A JSON Web Key Set.</summary>
/// <param name="Keys">The keys that signatures can be verified with.</param>
/// <param name="IsWhole">False where a key did not parse: such a document says nothing about which keys are no longer there.</param>
internal sealed record KeyDocument(IReadOnlyList<SecurityKey> Keys, bool IsWhole)
{
    /// <summary>Parses one, key by key.</summary>
    /// <remarks>The library's own parser gives up the good keys of a set with a bad one, or drops the bad one in silence.</remarks>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="FormatException">It is not a key set.</exception>
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

    // A key of a kind or use that is not ours is none, and no fault (RFC 7517, 5).
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
