using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Runs;

/// <summary>Writes one change of a task's state: <c>[milliseconds since the run's start, slug, from, to, message, attempt]</c>, the usual ones left out.</summary>
internal static class TransitionWriter
{
    /// <summary>Writes a change.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="time">When it was, counted from the run's start.</param>
    /// <param name="slug">The task, with the flow it is in where that is another task's body.</param>
    /// <param name="from">What its state was.</param>
    /// <param name="to">What its state has become.</param>
    public static void Write(Utf8JsonWriter json, TimeSpan time, string slug, StateType from, State to)
    {
        json.WriteStartArray();
        json.WriteNumberValue(JsonStyle.Milliseconds(time));
        json.WriteStringValue(slug);
        json.WriteStringValue(from.Name());
        json.WriteStringValue(to.Type.Name());
        if (to.Message != UsualMessage(to.Type))
            json.WriteStringValue(TruncatedText.Short(to.Message)); // the state has the whole
        if (to.RunCount > 1)
            json.WriteNumberValue(to.RunCount);
        json.WriteEndArray();
    }

    /// <summary>The message that nearly all states of a type have; it is left out.</summary>
    public static string? UsualMessage(StateType type) => type switch
    {
        StateType.Running => StateMessages.Starting,
        StateType.Success => StateMessages.Succeeded,
        _ => null,
    };
}
