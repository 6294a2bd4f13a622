using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>A line of a log, as code that builds on the engine sees it.</summary>
/// <remarks>PowerShell shows no extension members, so none of this is in the views of a session.</remarks>
public static class FlowLogEntryExtensions
{
    extension(FlowLogEntry entry)
    {
        /// <summary>Source of the entry: a state change, or the output stream.</summary>
        public FlowLogSource Source => entry.Source;
    }
}
