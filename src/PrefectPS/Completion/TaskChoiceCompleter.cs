using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Completes task selections: names in the order of the flow, and <c>task/inner</c> for tasks of subflows.</summary>
public sealed class TaskChoiceCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(CommandFlow.Tasks(commandAst, fakeBoundParameters).SelectMany(task => task.InnerSlugs.Prepend(task.Name)), wordToComplete);
}
