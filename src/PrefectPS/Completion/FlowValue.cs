using System.Collections;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Completion;

/// <summary>Finds the flow that a value is, or belongs to.</summary>
internal static class FlowValue
{
    /// <summary>The flow, or that of the first element of a list; null if the value has none.</summary>
    public static Flow? In(object? value) => PowerShellValues.Instance.Unwrap(value) switch
    {
        Flow flow => flow,
        FlowState run => run.Flow,
        FlowTaskState state => state.Task.Flow,
        FlowTask task => task.Flow,
        IList { Count: > 0 } list => In(list[0]),
        _ => null,
    };
}
