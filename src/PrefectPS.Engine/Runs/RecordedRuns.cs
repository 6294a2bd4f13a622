using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Finds recorded runs of a flow.</summary>
public static class RecordedRuns
{
    /// <summary>The store of the flow's runs.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the flow has no store.</exception>
    public static RunFiles FilesOf(Flow flow) => new(flow.Store ?? throw FlowErrors.RunWithoutStore(flow));

    /// <summary>Reads the recorded run with this id; null if none. A step may be working on it.</summary>
    internal static FlowState? Read(Flow flow, string runId) =>
        StoredRun.Find(FilesOf(flow), RunFolder.Of(flow.Name, runId), flow)?.Run;
}
