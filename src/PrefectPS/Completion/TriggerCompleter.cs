using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Commands;

namespace PrefectPS.Completion;

/// <summary>Completes the names of triggers.</summary>
public sealed class TriggerCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(TriggerParameter.Names, wordToComplete);
}
