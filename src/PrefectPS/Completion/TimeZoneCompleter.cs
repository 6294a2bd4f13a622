using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using TimeZoneConverter;

namespace PrefectPS.Completion;

/// <summary>Completes time zone ids: IANA ids, then Windows ids.</summary>
public sealed class TimeZoneCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(
            TZConvert.KnownIanaTimeZoneNames.OrderBy(name => name, StringComparer.Ordinal)
                .Concat(TZConvert.KnownWindowsTimeZoneIds.OrderBy(name => name, StringComparer.Ordinal)), wordToComplete);
}
