using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A run that a step can be taken of.</summary>
/// <param name="Run">The run.</param>
/// <param name="Session">The hold on its record, which is released at the end; null if the run is not on record.</param>
internal sealed record OpenedRun(FlowState Run, RunSession? Session = null) : IDisposable
{
    /// <summary>True if the run is further on than whoever asks for the step knows: nothing is to be run.</summary>
    public bool IsLate { get; init; }

    /// <summary>Of a run that was only looked at: whether it is not on record yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>What could not be matched with the flow; one sentence each, naming it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A run that a session holds, which is released if it cannot be made.</summary>
    public static OpenedRun Of(RunSession session, Func<StoredRun?, OpenedRun> open)
    {
        try
        {
            return open(session.Stored) with { Session = session, Warnings = session.Stored?.Warnings ?? [] };
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session?.Dispose();
}
