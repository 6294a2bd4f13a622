using PrefectPS.Flows;

namespace PrefectPS.Runs;

/// <summary>Members of <see cref="FlowLogEntry"/> for other assemblies.</summary>
/// <remarks>Extension members, because PowerShell does not show those to users.</remarks>
public static class FlowLogEntryExtensions
{
    extension(FlowLogEntry entry)
    {
        /// <summary>Source of the entry: a state change, or the output stream.</summary>
        public FlowLogSource Source => entry.Source;
    }
}
