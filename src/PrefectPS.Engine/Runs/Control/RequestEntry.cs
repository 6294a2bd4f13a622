using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A control request among the entries of a journal's record, which stands where it was applied: those before it were there then.</summary>
internal static class RequestEntry
{
    /// <summary>Writes the entry. The result that an edit sets is in the tasks' own entries behind it.</summary>
    public static void Write(Utf8JsonWriter json, AppliedRequest applied)
    {
        json.WriteStartObject();
        RequestText.Write(json, applied.Request with { Edit = null }, PlainValueAdapter.Instance);
        if (applied.IsVoid)
            json.WriteBoolean(RecordKeys.Void, true);
        RequestText.WriteTexts(json, DocumentKeys.Tasks, applied.Tasks.Count > 0 ? applied.Tasks : null);
        json.WriteEndObject();
    }

    /// <summary>Applies an entry that is a request.</summary>
    /// <param name="json">The reader, at the entry's beginning; afterwards at its end.</param>
    /// <param name="run">The run.</param>
    /// <returns>False where it is none; nothing was read.</returns>
    /// <exception cref="DocumentFaultException">It is of a kind that this version does not know.</exception>
    public static bool TryApply(ref Utf8JsonReader json, RunStates run)
    {
        if (!JsonTokens.BeginsWith(json, RecordKeys.Request))
            return false;
        run.Take(RequestText.Read(ref json, PlainValueAdapter.Instance) ?? throw JsonTokens.Fault(ref json, "the request is of a kind that this version does not know"));
        return true;
    }
}
