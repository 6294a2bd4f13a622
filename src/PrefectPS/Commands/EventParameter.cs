using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses the event options of Add-FlowTask.</summary>
internal static class EventParameter
{
    /// <summary>The event to wait for; null if none.</summary>
    public static EventWait? Resolve(
        string? name, TimeSpan? timeout, WaitTimeoutAction action, ScriptBlock? block, Flow? subflow, IReadOnlyList<string> given, IReadOnlyList<string> offered) =>
        name is null ? null : new(name)
        {
            Timeout = timeout,
            TimeoutAction = action,
            Check = block is not null ? new BlockPayloadCheck(block, given, offered) : new SubflowPayloadCheck(subflow!, given),
        };
}
