using System.Collections;
using System.Globalization;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Resolves <c>-ThrottleLimit</c>: a number, or numbers by tag.</summary>
internal static class ThrottleParameter
{
    private const string All = "*";

    /// <summary>The throttle; null if tasks run one after the other in the caller's own runspace.</summary>
    /// <param name="flow">The flow, with tasks that may have to run beside that runspace in any case.</param>
    /// <param name="given">A number, a dictionary of tags and numbers, or null.</param>
    /// <param name="isElsewhere">Whether bodies run in other processes, whose places are the limit where none is given.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: a limit is no number of 1 or more.</exception>
    public static Throttle? Resolve(Flow flow, object? given, bool isElsewhere = false)
    {
        var value = PowerShellValues.Instance.Unwrap(given);
        if (value is IDictionary limits)
        {
            var tags = DictionaryEntries.Of(limits).ToDictionary(e => e.Key.ToString()!, e => Number(e.Value), StringComparer.OrdinalIgnoreCase);
            return tags.TryGetValue(All, out var all)
                ? new(all, tags, isElsewhere)
                : new(isElsewhere ? int.MaxValue : Environment.ProcessorCount, tags, runsOffThread: true); // a task must not see other variables where there is one processor
        }

        if (isElsewhere)
            return new(value is null ? int.MaxValue : Number(value), runsOffThread: true);
        var limit = value is null ? 1 : Number(value);
        return limit > 1 || flow.Freeze().RunsOffThread ? new(limit) : null;
    }

    private static int Number(object? value) =>
        LanguagePrimitives.TryConvertTo<int>(value, CultureInfo.InvariantCulture, out var number) && number >= 1
            ? number
            : throw ModuleErrors.ThrottleInvalid(value);
}
