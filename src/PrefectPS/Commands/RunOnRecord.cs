using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Reads runs that a store has on record, as Get-FlowRun gets them.</summary>
internal static class RunOnRecord
{
    /// <summary>The run that a cmdlet was given: a state, or a recorded run together with its flow.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/>, <see cref="FlowErrorId.FlowRequired"/>, or as of <see cref="Read"/>.</exception>
    public static FlowState StateOf(object given, Action<string> warn) => PowerShellValues.Instance.Unwrap(given) switch
    {
        FlowState state => state,
        FlowRun { Definition: null } run => throw ModuleErrors.FlowRequiredForRecord(run),
        FlowRun run => Read(run, warn),
        var other => throw ModuleErrors.NoRun(other),
    };

    /// <summary>A run of a flow, with the flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="runId">The run's id; null for the newest run.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store; <see cref="FlowErrorId.RunNotFound"/>: it has no runs.</exception>
    public static FlowRun Of(Flow flow, string? runId)
    {
        var store = flow.Store ?? throw FlowErrors.RunWithoutStore(flow);
        return RunRequest.Of(flow, runId ?? (new RunIndex(new(store)).AllRuns(flow.Name, _ => { }) is [var newest, ..] ? newest.RunId : throw FlowErrors.NoRuns(flow)));
    }

    /// <summary>The flow of a recorded run: the one that is given, which has to be the run's, or else the one that the run was found with.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StateInvalid"/> or <see cref="FlowErrorId.FlowRequired"/>.</exception>
    public static Flow FlowOf(FlowRun run, Flow? given)
    {
        var flow = given ?? run.Definition ?? throw ModuleErrors.FlowRequiredForRecord(run);
        return flow.Name == run.Flow && flow.Store?.Address == run.Provider.Address ? flow : throw ModuleErrors.RunOfOtherFlow(run, flow);
    }

    /// <summary>The run; without its flow it is an outline: tasks with their states, and nothing between them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="warn">Takes what is to be said of what was read.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunNotFound"/>, or what reading it says.</exception>
    public static FlowState Read(FlowRun run, Action<string> warn)
    {
        if (run.Definition is not { } flow)
            return OutlinedRun.Read(run.Provider, run.Flow, run.RunId, SessionServices.Create()) ?? throw FlowErrors.RunNotFound(run.Store, run.RunId);
        var stored = StoredRun.Find(new(run.Provider), run.Folder, flow) ?? throw FlowErrors.RunNotFound(run.Store, run.RunId);
        foreach (var warning in stored.Warnings)
            warn(warning);
        return stored.Run;
    }
}
