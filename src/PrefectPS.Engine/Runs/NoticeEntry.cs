using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Runs;

/// <summary>Among the entries of a journal's record, what is to be told of the run from there on: <c>{"notice": "Failed"}</c>, or null once it was told.</summary>
internal static class NoticeEntry
{
    /// <summary>Writes the entry.</summary>
    public static void Write(Utf8JsonWriter json, NotifyReason? due)
    {
        json.WriteStartObject();
        json.WriteString(DocumentKeys.Notice, due?.ToString());
        json.WriteEndObject();
    }

    /// <summary>Applies an entry that is one.</summary>
    /// <param name="json">The reader, at the entry's beginning; afterwards at its end.</param>
    /// <param name="run">The run.</param>
    /// <returns>False where it is none; nothing was read.</returns>
    /// <exception cref="DocumentFaultException">It is of a kind that this version does not know.</exception>
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
