using System.Globalization;
using System.Text.Json;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Checks at the end of a task that its result can be serialized, so that the task fails and not the run.</summary>
internal static class WrittenResult
{
    /// <summary>Checks the result of a state that will be serialized with it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: the result cannot be written or read back.</exception>
    public static void Check(State state, FlowServices services)
    {
        // The result of a loop's pass was checked when the pass ended.
        if (state.Result is { Location: null, IsLost: false } result && IsToCheck(result.Value, services.MaxResultBytes) && !result.HoldsSecret(services.Values))
            Check(result.Value, services);
    }

    private static bool IsToCheck(object? value, int maxBytes) =>
        value switch
        {
            string text => text.Length >= maxBytes / Limits.MaxBytesPerChar,
            null or int or bool or double => false,
            _ => true,
        };

    private static void Check(object? value, FlowServices services)
    {
        if (Write(value, services.Values) > services.MaxResultBytes)
            throw FlowErrors.ValueNotWritable(new($"it is larger than {services.MaxResultBytes.ToString(CultureInfo.InvariantCulture)} bytes as text"));
    }

    private static long Write(object? value, IValueAdapter values)
    {
        using var json = new Utf8JsonWriter(Stream.Null, JsonStyle.Writer);
        ValueWriter.Write(json, value, values);
        return json.BytesCommitted + json.BytesPending;
    }
}
