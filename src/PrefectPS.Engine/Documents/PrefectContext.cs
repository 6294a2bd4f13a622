using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>What of a state's context is handed on as it came: all but the counts and what is ours, where <see cref="PrefectWriter"/> would write another.</summary>
internal static class PrefectContext
{
    /// <summary>Reads the context at the reader's current token.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="type">The state's type.</param>
    /// <param name="task">The task it is a state of; null where the flow has no such task.</param>
    /// <returns>The context, and whether it has the run count; null where it is the one that <see cref="PrefectWriter"/> would write.</returns>
    /// <exception cref="DocumentFaultException">A text is not valid UTF-8.</exception>
    public static (string Context, bool HasRunCount)? Read(ref Utf8JsonReader json, StateType type, FlowTask? task)
    {
        var begin = json;
        var isEmpty = true;
        var hasTags = false;
        var hasRunCount = false;
        var differs = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = JsonTokens.Text(ref json);
            json.Read();
            isEmpty = false;
            hasRunCount |= key == DocumentKeys.TaskRunCount;
            if (key == DocumentKeys.Tags && AreTags(ref json, task))
                hasTags = true;
            else if (!IsCountOrOwn(key))
                differs = true;
            json.Skip();
        }

        return differs || (PrefectWriter.HasTags(type) ? isEmpty : hasTags)
            ? (RawJson.ReadWithout(ref begin, IsCountOrOwn), hasRunCount)
            : null;
    }

    private static bool AreTags(ref Utf8JsonReader json, FlowTask? task)
    {
        if (task is null || json.TokenType != JsonTokenType.StartArray)
            return false;
        var tags = json;
        foreach (var tag in task.Tags)
        {
            if (!tags.Read() || !JsonTokens.Is(ref tags, tag))
                return false;
        }

        return tags.Read() && tags.TokenType == JsonTokenType.EndArray;
    }

    private static bool IsCountOrOwn(string key) => key is DocumentKeys.TaskRunCount or DocumentKeys.ContextLoopCount or DocumentKeys.Own;
}
