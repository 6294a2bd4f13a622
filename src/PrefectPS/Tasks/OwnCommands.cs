using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Tasks;

/// <summary>Our own cmdlets, for runspaces that tasks run in: without them a task there could not send a signal.</summary>
internal static class OwnCommands
{
    public static IEnumerable<SessionStateCommandEntry> Entries { get; } =
    [
        .. from type in typeof(OwnCommands).Assembly.GetExportedTypes()
           from CmdletAttribute cmdlet in type.GetCustomAttributes(typeof(CmdletAttribute), inherit: false)
           select new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, helpFileName: null),
    ];
}
