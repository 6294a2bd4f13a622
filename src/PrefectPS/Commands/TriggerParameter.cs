using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;
using PrefectPS.Triggers;

namespace PrefectPS.Commands;

/// <summary>Parses <c>Add-FlowTask -Trigger -AtLeast -AtMost</c>.</summary>
internal static class TriggerParameter
{
    private const string SomeFailed = "SomeFailed";
    private const string SomeSuccessful = "SomeSuccessful";

    /// <summary>All names, as a script would write them.</summary>
    public static IEnumerable<string> Names { get; } =
        [.. Trigger.Names.Select(CountTrigger.PascalCase).Concat([SomeFailed, SomeSuccessful]).OrderBy(n => n, StringComparer.Ordinal)];

    /// <summary>The trigger.</summary>
    /// <param name="task">The task's name, for the error.</param>
    /// <param name="given">A name, Prefect's or ours, a script block, or null for the default.</param>
    /// <param name="atLeast">The least number of upstream tasks, below 1 a fraction of them; null for none.</param>
    /// <param name="atMost">The most, likewise.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>.</exception>
    public static ITrigger Resolve(string task, object? given, double? atLeast, double? atMost)
    {
        var trigger = PowerShellValues.Instance.Unwrap(given);
        var name = (trigger as string)?.Replace("_", string.Empty);
        var takesNumbers = Is(name, SomeFailed) || Is(name, SomeSuccessful);
        if (!takesNumbers && (atLeast is not null || atMost is not null))
            throw FlowErrors.TaskInvalid(task, $"-AtLeast and -AtMost are for -Trigger {SomeFailed} and {SomeSuccessful}");

        var threshold = new Threshold(atLeast, atMost);
        return trigger switch
        {
            null => Trigger.AllSuccessful,
            ScriptBlock block => ScriptBlockTrigger.Of(block),
            _ when Is(name, SomeFailed) => Trigger.SomeFailed(threshold),
            _ when Is(name, SomeSuccessful) => Trigger.SomeSuccessful(threshold),
            string => Trigger.Names.FirstOrDefault(n => Is(name, n.Replace("_", string.Empty))) is { } known ? Trigger.Find(known)! : throw Unknown(task, trigger),
            _ => throw Unknown(task, trigger),
        };
    }

    private static FlowException Unknown(string task, object trigger) =>
        FlowErrors.TaskInvalid(task, $"'{trigger}' is not a trigger; a trigger is a script block or one of {string.Join(", ", Names)}");

    private static bool Is(string? name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
