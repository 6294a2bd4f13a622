using System.Text.Json;
using PrefectPS.States;

namespace PrefectPS.Results;

/// <summary>Checks, as a task ends, that the results which a record will hold can be written: so the task fails, not the run.</summary>
internal static class WrittenResult
{
    /// <summary>Checks the results of a state that are written with it.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: one cannot be written.</exception>
    public static void Check(State state, IValueAdapter values)
    {
        Check(state.Result, values);
        Check(state.LoopResult, values);
    }

    /// <summary>Checks that a value holds no .NET task that has not finished: reading its result might block for ever.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: it does.</exception>
    public static void CheckFinished(object value, IValueAdapter values)
    {
        if (!ValueSearch.IsPlain(value) && ValueSearch.Any(value, values, found => found is Task { IsCompleted: false }))
            Write(value, values); // says where it is
    }

    private static void Check(TaskResult? result, IValueAdapter values)
    {
        if (result is { Location: null, IsLost: false } && !ValueSearch.IsPlain(result.Value) && !result.HoldsSecret(values))
            Write(result.Value, values);
    }

    private static void Write(object? value, IValueAdapter values)
    {
        using var json = new Utf8JsonWriter(Stream.Null, JsonStyle.Writer);
        ValueWriter.Write(json, value, values);
    }
}
