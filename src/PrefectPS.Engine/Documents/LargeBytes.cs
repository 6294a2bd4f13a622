using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Documents;

/// <summary>Rejects large byte arrays in documents for transport, where they would be megabytes of Base64.</summary>
internal static class LargeBytes
{
    /// <summary>Rejects a run with a result in the document that contains too many bytes.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ResultInvalid"/>, with the task.</exception>
    public static void Refuse(FlowState run)
    {
        foreach (var task in run.Flow.Plan.Tasks)
            Refuse(task.Slug, run.States[task.Index], run.Flow.Services.Values);
    }

    private static void Refuse(string slug, State state, IValueAdapter values)
    {
        try
        {
            if (IsIn(state.Result, values) || IsIn(state.LoopResult, values))
                throw FlowErrors.BytesTooLarge(slug, Limits.MaxBytesInArray);
        }
        catch (FlowException e) when (e.InnerException is ValueFaultException)
        {
            throw FlowErrors.ResultNotWritable(slug, e);
        }

        foreach (var child in state.Children ?? [])
            Refuse(slug, child, values);
        if (state.SubflowRun is { } subrun)
            Refuse(subrun);
    }

    private static bool IsIn(TaskResult? result, IValueAdapter values) =>
        result is { Location: null, IsLost: false } && !ValueSearch.IsPlain(result.Value)
        && ValueSearch.Any(result.Value, values, found => found is byte[] { Length: > Limits.MaxBytesInArray });
}
