using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>What happened in the steps of a run: when each began and ended, and all changes of states between, in order.</summary>
public static class RunHistory
{
    /// <summary>The course of a run; null where there is no such run.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.StoreFailed"/>, <see cref="FlowErrorId.RunDamaged"/> or <see cref="FlowErrorId.RecordVersion"/>.</exception>
    public static RunCourse? Find(IFlowStore store, string flow, string runId)
    {
        var files = new RunFiles(store);
        if (LivingRun.Find(files, RunFolder.Of(flow, runId)) is not { Head.Started: { } started } run)
            return null;
        return run.JournalIn(files).Read(journal =>
        {
            var history = new HistoryReader(run.Folder.Run, started);
            journal.Visit(after: 0, record => history.Read(record.Step, record.History));
            return history.Course;
        });
    }
}
