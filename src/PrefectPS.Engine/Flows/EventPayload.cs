using System.Collections;
using System.Text;
using System.Text.Json;
using PrefectPS.Results;

namespace PrefectPS.Flows;

/// <summary>Serializes an event's payload: values for parameters of the waiting task's body, stored as a JSON object.</summary>
public static class EventPayload
{
    /// <summary>Serializes a payload; null if it has no values.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: it contains a secret, or a value cannot be serialized.</exception>
    public static string? Write(string name, IDictionary? payload, IValueAdapter values)
    {
        if (payload is null || payload.Count == 0)
            return null;
        if (Secrets.Contains(payload, values))
            throw FlowErrors.EventInvalid(name, "a secret is among its values, which would stand in a store in clear until the task has ended");
        try
        {
            return Encoding.UTF8.GetString(JsonStyle.ToBytes(json => ValueWriter.Write(json, payload, values)));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            throw FlowErrors.EventInvalid(name, e.Message, e);
        }
    }

    /// <summary>Deserializes a payload to names and values.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.EventInvalid"/>: the text is not a JSON object, or a value cannot be read.</exception>
    internal static IReadOnlyList<KeyValuePair<string, object?>> Read(string? payload, IValueAdapter values)
    {
        if (payload is null)
            return [];
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(payload), JsonStyle.Reader);
            json.Read();
            return values.Unwrap(ValueReader.Read(ref json, values, Limits.MaxValueDepth)) is IDictionary table
                ? [.. table.Keys.Cast<object>().Select(key => new KeyValuePair<string, object?>(key.ToString()!, table[key]))]
                : throw FlowErrors.EventInvalid(null, "its payload is not an object of names and values");
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw FlowErrors.EventInvalid(null, e.Message, e);
        }
    }
}
