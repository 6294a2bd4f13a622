using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <content>How the log of a run gets a line when none of its steps writes one.</content>
public sealed partial class RunSession
{
    /// <summary>Adds a line to the log of a run whose last step has ended; does nothing where somebody else works on it by now.</summary>
    /// <param name="run">The run.</param>
    /// <param name="task">The slug of the task or child, with its path.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="stream">What kind of line it is.</param>
    /// <param name="text">The line.</param>
    /// <exception cref="FlowException">As of <see cref="Open"/>.</exception>
    public static void AddLine(FlowState run, string task, int attempt, FlowLogSource stream, string text)
    {
        using var session = TryOpenForRequests(RecordedRuns.FilesOf(run.Flow), RunFolder.Of(run.Flow.Name, run.RunId), run.Flow, isOutline: false);
        if (session?.Stored is not null)
            session.TryApply((_, recorder) => recorder.RecordLine(task, attempt, stream, text));
    }
}
