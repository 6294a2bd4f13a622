using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <content>Adding log lines outside of a step.</content>
public sealed partial class RunSession
{
    /// <summary>Adds a line to the log of a run whose last step has ended; does nothing if a step works on it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="task">Path of the task or child.</param>
    /// <param name="attempt">The attempt number.</param>
    /// <param name="stream">Kind of line.</param>
    /// <param name="text">The line.</param>
    /// <exception cref="FlowException">As for <see cref="Open"/>.</exception>
    public static void AddLine(FlowState run, string task, int attempt, FlowLogSource stream, string text)
    {
        using var session = TryOpenForRequests(RecordedRuns.FilesOf(run.Flow), RunFolder.Of(run.Flow.Name, run.RunId), run.Flow, isOutline: false);
        if (session?.Stored is not null)
            session.TryApply((_, recorder) => recorder.RecordLine(task, attempt, stream, text));
    }
}
