using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Serializes a state change: <c>[milliseconds since the run's start, slug, from, to, message, attempt]</c>, defaults omitted.</summary>
internal static class TransitionWriter
{
    /// <summary>Writes a change.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="time">Time of the change, relative to the run's start.</param>
    /// <param name="slug">Path of the task.</param>
    /// <param name="from">The old state.</param>
    /// <param name="to">The new state.</param>
    public static void Write(Utf8JsonWriter json, TimeSpan time, string slug, StateType from, State to)
    {
        json.WriteStartArray();
        json.WriteNumberValue(JsonStyle.Milliseconds(time));
        json.WriteStringValue(slug);
        json.WriteStringValue(from.Name());
        json.WriteStringValue(to.Type.Name());
        if (to.Message != UsualMessage(to.Type))
            json.WriteStringValue(TruncatedText.Short(to.Message)); // the state has the full text
        if (to.RunCount > 1)
            json.WriteNumberValue(to.RunCount);
        json.WriteEndArray();
    }

    /// <summary>Default message of a state type, which is omitted.</summary>
    public static string? UsualMessage(StateType type) => type switch
    {
        StateType.Running => StateMessages.Starting,
        StateType.Success => StateMessages.Succeeded,
        _ => null,
    };
}
