using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Puts results through the form that they are kept in, so that the next task gets what it would get in a later step.</summary>
internal static class StoredForm
{
    /// <summary>The state with its result as a later step reads it. A secret is never written: a later step has it made again.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>: it cannot be written or read again. <see cref="FlowErrorId.StoreFailed"/>.</exception>
    public static State Of(State state, string task, FlowServices services)
    {
        if (state.Result is not { IsLost: false, IsUnspecified: false, IsEmpty: false } result || result.HoldsSecret(services.Values))
            return state;
        if (result.Location is not null)
        {
            var stored = result.Unread();
            _ = stored.Value;
            return state with { Result = stored };
        }

        if (result.Value is not { } value)
            return state;
        if (!ValueSearch.IsPlain(value) && ValueSearch.Any(value, services.Values, found => found is byte[] { Length: > Limits.MaxBytesInArray }))
            throw FlowErrors.BytesTooLarge(task, Limits.MaxBytesInArray);
        return state with { Result = TaskResult.Of(ReadBack(value, services.Values)) };
    }

    private static object? ReadBack(object value, IValueAdapter values)
    {
        var json = new JsonSerializer(values);
        try
        {
            return json.Read(json.ToBytes(value));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw FlowErrors.ValueNotWritable(new($"it cannot be read again: {e.Message}", e));
        }
    }
}
