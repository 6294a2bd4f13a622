using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Running;

/// <summary>Round-trips results through their stored form, so that the next task gets what a later step would.</summary>
internal static class StoredForm
{
    /// <summary>Returns the state with its result as a later step reads it. Secrets are never written: a later step recomputes them.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ResultInvalid"/>: the result cannot be written or read back. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
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
