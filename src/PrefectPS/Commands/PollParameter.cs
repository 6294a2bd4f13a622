using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>Add-FlowTask -Until -PollInterval -WaitTimeout -WaitTimeoutAction</c>.</summary>
internal static class PollParameter
{
    /// <summary>How the task polls; null if it does not.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: -PollInterval without -Until.</exception>
    public static PollPolicy? Resolve(string task, ScriptBlock? until, TimeSpan? interval, TimeSpan? timeout, WaitTimeoutAction action) =>
        until is not null
            ? new(new ScriptBlockAnswerTest(until)) { Interval = interval ?? PollPolicy.UsualInterval, Timeout = timeout, TimeoutAction = action }
            : interval is null ? null : throw FlowErrors.TaskInvalid(task, "-PollInterval needs -Until, which says when what the task returns is its result");
}
