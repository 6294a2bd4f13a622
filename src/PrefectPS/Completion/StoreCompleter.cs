using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Commands;

namespace PrefectPS.Completion;

/// <summary>Completes the addresses of stores that the session has used, the last one first.</summary>
public sealed class StoreCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(UsedAddresses.Stores.NewestFirst, wordToComplete);
}
