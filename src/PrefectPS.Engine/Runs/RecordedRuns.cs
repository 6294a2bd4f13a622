using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Finds runs that are on record in their flow's store.</summary>
public static class RecordedRuns
{
    /// <summary>The store of a flow's runs.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public static RunFiles FilesOf(Flow flow) => new(flow.Store ?? throw FlowErrors.RunWithoutStore(flow));

    /// <summary>The run on record of this id; null where there is none. Someone may be working on it.</summary>
    internal static FlowState? Read(Flow flow, string runId) =>
        StoredRun.Find(FilesOf(flow), RunFolder.Of(flow.Name, runId), flow)?.Run;
}
