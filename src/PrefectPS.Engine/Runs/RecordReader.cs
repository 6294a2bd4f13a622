using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>Reads the JSON objects that run records are made of; what is wrong with one is said as of a state document.</summary>
/// <remarks>
/// Small records (lease, summary, head of a checkpoint, cache entry, document reference) are read and written by hand rather than by code
/// that System.Text.Json generates. That code is as fast once it runs (2.2 us against 2.7 us to write and read a lease), but costs a process
/// 11 ms more for its first record (13.3 against 2.6), of the 250 ms that a cold step has. And PowerShell 7.4 has System.Text.Json 8, which
/// can neither refuse a name that comes twice nor a missing constructor parameter; no version bounds lengths and numbers.
/// </remarks>
internal static class RecordReader
{
    /// <summary>Reads an object, from its first token.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>, with the place.</exception>
    public static T Read<T>(byte[] content, JsonTokens.Reading<T> read)
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
