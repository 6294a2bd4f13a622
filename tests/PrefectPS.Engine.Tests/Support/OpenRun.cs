using PrefectPS.Flows;
using PrefectPS.Runs;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Finds the newest unfinished run of a flow through the index.</summary>
internal static class OpenRun
{
    public static FlowRun? Find(Flow flow) => new RunIndex(RecordedRuns.FilesOf(flow)).OpenRuns(flow.Name) is [var newest, ..] ? newest : null;
}
