using System.Text.Json;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Preserves a state's Prefect context, except counts and our own part, where <see cref="PrefectWriter"/> would write a different one.</summary>
internal static class PrefectContext
{
    /// <summary>Reads a context, from its first token to its last.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="type">The state's type.</param>
    /// <param name="task">The state's task; null where the flow lacks it.</param>
    /// <returns>The context, and whether it has the run count; null where <see cref="PrefectWriter"/> would write the same.</returns>
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
