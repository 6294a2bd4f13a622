using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Reads the history of a run: steps and state changes, in order.</summary>
public static class RunHistory
{
    /// <summary>The timeline of a run; null if there is no such run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.</exception>
    public static RunTimeline? Find(IFlowStore store, string flow, string runId)
    {
        var files = new RunFiles(store);
        if (ExistingRun.Find(files, RunFolder.Of(flow, runId)) is not { Head.Started: { } started } run)
            return null;
        return run.JournalIn(files).Read(journal =>
        {
            var history = new HistoryReader(run.Folder.Run, started);
            journal.Visit(after: 0, record => history.Read(record.Step, record.History));
            return history.Timeline;
        });
    }
}
