using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PrefectPS.Results;

/// <summary>Decodes the raw text of a JSON token.</summary>
internal static class JsonText
{
    public static string Of(ref Utf8JsonReader json) =>
        Encoding.UTF8.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan.ToArray());
}
