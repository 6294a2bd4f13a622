using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PrefectPS.Tasks;

/// <summary>The module's cmdlets and aliases for runspaces of tasks, which need them to send signals.</summary>
internal static class OwnCommands
{
    public static IEnumerable<SessionStateCommandEntry> Entries { get; } =
    [
        .. from type in typeof(OwnCommands).Assembly.GetExportedTypes()
           from CmdletAttribute cmdlet in type.GetCustomAttributes(typeof(CmdletAttribute), inherit: false)
           from entry in EntriesOf(type, $"{cmdlet.VerbName}-{cmdlet.NounName}")
           select entry,
    ];

    private static IEnumerable<SessionStateCommandEntry> EntriesOf(Type type, string name) =>
    [
        new SessionStateCmdletEntry(name, type, helpFileName: null),
        .. from AliasAttribute aliases in type.GetCustomAttributes(typeof(AliasAttribute), inherit: false)
           from alias in aliases.AliasNames
           select new SessionStateAliasEntry(alias, name),
    ];
}
