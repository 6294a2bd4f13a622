using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Compares values by the JSON that is written of them; a hashtable has its entries in no order.</summary>
internal static class SameJson
{
    /// <summary>Whether two values are the same.</summary>
    public static bool Is(byte[] one, byte[] other)
    {
        if (one.AsSpan().SequenceEqual(other))
            return true;
        using var first = JsonDocument.Parse(one, new() { MaxDepth = Limits.MaxJsonDepth });
        using var second = JsonDocument.Parse(other, new() { MaxDepth = Limits.MaxJsonDepth });
        return Is(first.RootElement, second.RootElement);
    }

    private static bool Is(JsonElement one, JsonElement other) => one.ValueKind == other.ValueKind && one.ValueKind switch
    {
        JsonValueKind.Object => AreSame([.. one.EnumerateObject()], [.. other.EnumerateObject()]),
        JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray(), Is).All(same => same),
        _ => one.GetRawText() == other.GetRawText(),
    };

    private static bool AreSame(JsonProperty[] one, JsonProperty[] other) =>
        one.Length == other.Length
        && InOrder(one).Zip(InOrder(other), (first, second) => first.Name == second.Name && Is(first.Value, second.Value)).All(same => same);

    private static IEnumerable<JsonProperty> InOrder(JsonProperty[] properties) => properties.OrderBy(property => property.Name, StringComparer.Ordinal);
}
