using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>The event that a task waits for, as Add-FlowTask takes it.</summary>
internal static class EventParameter
{
    /// <summary>What is to be waited for; null for nothing.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: what is said of the wait makes no sense without an event.</exception>
    public static EventWait? Resolve(
        string task, string? name, TimeSpan? timeout, WaitTimeoutAction action, ScriptBlock? block, Flow? subflow, IReadOnlyList<string> given, IReadOnlyList<string> offered)
    {
        if (name is not null)
        {
            return new(name)
            {
                Timeout = timeout,
                TimeoutAction = action,
                Check = block is not null ? new BlockPayloadCheck(block, given, offered) : new SubflowPayloadCheck(subflow!, given),
            };
        }

        return timeout is null && action == default ? null : throw FlowErrors.TaskInvalid(task, "-WaitTimeout and -WaitTimeoutAction need -WaitForEvent, which says what for");
    }
}
