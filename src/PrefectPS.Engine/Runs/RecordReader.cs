using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;

namespace PrefectPS.Runs;

/// <summary>Deserializes the JSON objects of run records; faults are reported like those of state documents.</summary>
/// <remarks>
/// Small records (lease, summary, checkpoint header, cache entry, document reference) are serialized by hand rather than by generated System.Text.Json
/// code. That code is as fast once it runs (2.2 us against 2.7 us to write and read a lease), but its first record costs a process 11 ms more (13.3
/// against 2.6), of the 250 ms of a cold step. PowerShell 7.4 ships System.Text.Json 8, which rejects neither duplicate names nor missing constructor
/// parameters; no version bounds lengths and numbers.
/// </remarks>
internal static class RecordReader
{
    /// <summary>Reads an object from its first token.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>, with the position.</exception>
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
