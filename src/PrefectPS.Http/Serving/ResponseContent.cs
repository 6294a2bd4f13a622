namespace PrefectPS.Http.Serving;

/// <summary>A response's body and headers.</summary>
/// <param name="Type">The content type.</param>
/// <param name="Bytes">The content.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record ResponseContent(string Type, byte[] Bytes, IReadOnlyList<KeyValuePair<string, string>> Headers);
