namespace PrefectPS.Http.Serving;

/// <summary>What an answer says besides its number.</summary>
/// <param name="Type">The type of the content.</param>
/// <param name="Bytes">The content.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record AnswerContent(string Type, byte[] Bytes, IReadOnlyList<KeyValuePair<string, string>> Headers);
