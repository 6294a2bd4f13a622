using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Completes the ids of recorded runs, the newest first.</summary>
public sealed class RunIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(CommandRuns.Ids(commandAst, fakeBoundParameters), wordToComplete);
}
