using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>A journal entry for a pending notification: <c>{"notice": "Failed"}</c>, or null once all were sent.</summary>
internal static class NoticeEntry
{
    /// <summary>Writes the entry.</summary>
    public static void Write(Utf8JsonWriter json, NotifyReason? due)
    {
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Notice, due?.ToString());
        json.WriteEndObject();
    }

    /// <summary>Applies the entry if it is of this kind.</summary>
    /// <param name="json">The reader, at the start of the entry; afterwards at its end.</param>
    /// <param name="run">The run.</param>
    /// <returns>False if it is not; nothing was read.</returns>
    /// <exception cref="DocumentFaultException">The entry is of a kind this version does not know.</exception>
    public static bool TryApply(ref Utf8JsonReader json, RunStates run)
    {
        if (!JsonTokens.BeginsWith(json, DocumentKeys.Notice))
            return false;
        json.Read();
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
            run.ClearDue();
        else
            run.AddDue(RunControlText.ReadNotice(ref json));
        json.Read(); // the end of the object
        return true;
    }
}
