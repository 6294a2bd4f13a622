using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A run ready for a step.</summary>
/// <param name="Run">The run.</param>
/// <param name="Session">The session, disposed at the end; null if the run is not recorded.</param>
internal sealed record OpenedRun(FlowState Run, RunSession? Session = null) : IDisposable
{
    /// <summary>True if the run is further along than the caller knows: nothing is run.</summary>
    public bool IsLate { get; init; }

    /// <summary>For a preview: whether the run is not recorded yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>Warnings about what could not be matched with the flow.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Opens a run in a session, which is disposed if that fails.</summary>
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
