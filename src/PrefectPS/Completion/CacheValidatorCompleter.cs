using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Commands;

namespace PrefectPS.Completion;

/// <summary>Completes the names of cache validators.</summary>
public sealed class CacheValidatorCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(CacheParameter.Names, wordToComplete);
}
