using System.Collections;
using PrefectPS.Documents;
using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>Creates or checks the run that a cmdlet continues.</summary>
internal static class GivenRun
{
    /// <summary>A new run of a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="parameters">Values of its parameters.</param>
    /// <param name="runId">The run's id; null for a new one.</param>
    /// <exception cref="FlowException">For example <see cref="FlowErrorId.ParameterInvalid"/>, with all problems.</exception>
    public static FlowState New(Flow flow, IDictionary parameters, string? runId = null) => FlowState.New(flow, NamedValues.ByName(parameters), Checked(runId));

    /// <summary>An existing run, which has its parameters, and its id unless its document did not contain one.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.ParameterInvalid"/>: parameters are given. <see cref="FlowErrorId.StateInvalid"/>: the run has another id.
    /// </exception>
    public static FlowState Existing(FlowState run, IDictionary parameters, string? runId = null)
    {
        if (parameters.Count > 0)
            throw FlowErrors.ParametersFixed(run.Flow, run.RunId);
        return Checked(runId) is not { } id || id == run.RunId ? run
            : run.Identity.Coverage == IdentityCoverage.None ? run.With(run.Identity with { RunId = id, Coverage = IdentityCoverage.Id }, run.States)
            : throw FlowErrors.StateOfAnotherRun(run.RunId, id);
    }

    /// <summary>Rebinds a run to the given flow: the same flow, or the flow of the same script, loaded again.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>: it is of another flow. The same as of <see cref="StateDocument.Read"/>.</exception>
    public static FlowState Of(Flow flow, FlowState run, Action<string> warn)
    {
        if (ReferenceEquals(run.Flow, flow))
            return run;
        if (run.Flow.Name != flow.Name)
            throw ModuleErrors.StateOfOtherFlow(run, flow);
        if (run.Flow.Plan.Fingerprint == flow.Plan.Fingerprint)
            return From(run.Origin, new(flow, run.Identity, run.States));
        var decoded = StateDocument.Read(flow, FlowStateWriter.Write(run), ReadingOptions.Default);
        foreach (var warning in decoded.Warnings)
            warn(warning);
        return From(run.Origin, decoded.Run);
    }

    /// <summary>A run with what brought it to this process; null for nothing.</summary>
    public static FlowState From(IRunOrigin? origin, FlowState run) => origin is null ? run : run.From(origin);

    /// <summary>Checks a user-specified run id; null for none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: it is not a valid id.</exception>
    public static string? Checked(string? runId) =>
        runId is null || DefinedName.FaultIn(runId, Limits.MaxRunIdLength) is null ? runId : throw FlowErrors.RunIdInvalid(runId);
}
