using System.Collections;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>The run that a cmdlet is to go on with.</summary>
internal static class GivenRun
{
    /// <summary>A new run of a flow.</summary>
    /// <exception cref="FlowException">Such as <see cref="FlowErrorId.ParameterInvalid"/>, with all that is wrong.</exception>
    public static FlowState New(Flow flow, IDictionary parameters) => FlowState.New(flow, NamedValues.ByName(parameters));

    /// <summary>A run that there is already, which has its parameters.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ParameterInvalid"/>: some are given.</exception>
    public static FlowState Existing(FlowState run, IDictionary parameters) =>
        parameters.Count == 0 ? run : throw FlowErrors.ParametersFixed(run.Flow, run.RunId);
}
