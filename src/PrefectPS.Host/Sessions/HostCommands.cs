using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace PrefectPS.Host.Sessions;

/// <summary>The host's cmdlets, as entries of an initial session state.</summary>
internal static class HostCommands
{
    /// <summary>The everyday commands, and for the host alone the end of its pipeline.</summary>
    public static IEnumerable<SessionStateCommandEntry> Entries =>
        from type in typeof(HostCommands).Assembly.GetTypes()
        let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
        where cmdlet is not null
        select new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null)
        {
            Visibility = type == typeof(OutConsoleCommand) ? SessionStateEntryVisibility.Private : SessionStateEntryVisibility.Public,
        };
}
