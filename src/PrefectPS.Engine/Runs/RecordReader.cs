using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>Reads the JSON objects that run records are made of; what is wrong with one is said as of a state document.</summary>
internal static class RecordReader
{
    /// <summary>Reads from the first token, the beginning of an object.</summary>
    public delegate T Reading<T>(ref Utf8JsonReader json);

    /// <summary>Reads an object.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>, with the place.</exception>
    public static T Read<T>(byte[] content, Reading<T> read)
    {
        try
        {
            var json = new Utf8JsonReader(content, JsonStyle.Reader);
            json.Read();
            JsonTokens.Expect(ref json, JsonTokenType.StartObject, "an object");
            return read(ref json);
        }
        catch (DocumentFaultException e)
        {
            throw DocumentErrors.Of(content, e);
        }
        catch (JsonException e)
        {
            throw DocumentErrors.Of(content, e);
        }
    }
}
