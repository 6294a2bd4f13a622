using System.Text.Json;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Reads and writes the goal of a mapped task, also kept by its skipped children: <c>"map_goal": {"at_least", "at_most_failed"}</c>.</summary>
internal static class GoalText
{
    /// <summary>Writes the property.</summary>
    public static void Write(Utf8JsonWriter json, MapGoal goal)
    {
        json.WriteStartObject(DocumentKeys.Goal);
        if (goal.AtLeast is { } atLeast)
            json.WriteNumber(DocumentKeys.AtLeast, atLeast);
        if (goal.AtMostFailed is { } atMostFailed)
            json.WriteNumber(DocumentKeys.AtMostFailed, atMostFailed);
        json.WriteEndObject();
    }

    /// <summary>Reads the property's value.</summary>
    /// <exception cref="DocumentFaultException">The value is malformed.</exception>
    public static MapGoal Read(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.StartObject, "the goal of a map");
        var start = json.TokenStartIndex;
        var goal = new MapGoal(null, null);
        var seen = default(SeenKeys);
        while (JsonTokens.NextProperty(ref json, ref seen, out var key))
        {
            if (key == DocumentKeys.AtLeast)
                goal = goal with { AtLeast = Number(ref json) };
            else if (key == DocumentKeys.AtMostFailed)
                goal = goal with { AtMostFailed = Number(ref json) };
            else
                json.Skip();
        }

        return goal is { AtLeast: null, AtMostFailed: null } ? throw new DocumentFaultException("the goal of a map has no number", start) : goal;
    }

    // The same range as the task's parameters.
    private static double Number(ref Utf8JsonReader json)
    {
        JsonTokens.Expect(ref json, JsonTokenType.Number, "a number of children");
        return json.TryGetDouble(out var number) && MapGoal.IsNumber(number)
            ? number
            : throw JsonTokens.Fault(ref json, $"a number of children, or a fraction of them, must be from 0 to {Limits.MaxChildren}");
    }
}
