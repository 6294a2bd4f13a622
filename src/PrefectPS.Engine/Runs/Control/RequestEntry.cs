using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A journal entry for a control request, at the position where it was applied.</summary>
internal static class RequestEntry
{
    /// <summary>Writes the entry. The result set by an edit is in the tasks' entries that follow.</summary>
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
    /// <param name="json">The reader, at the start of the entry; afterwards at its end.</param>
    /// <param name="run">The run.</param>
    /// <returns>False if it is not a request; nothing was read.</returns>
    /// <exception cref="DocumentFaultException">The request is of a kind this version does not know.</exception>
    public static bool TryApply(ref Utf8JsonReader json, RunStates run)
    {
        if (!JsonTokens.BeginsWith(json, RecordKeys.Request))
            return false;
        run.Take(RequestText.Read(ref json, PlainValueAdapter.Instance) ?? throw JsonTokens.Fault(ref json, "the request is of a kind that this version does not know"));
        return true;
    }
}
