using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Completes the names of tasks, in the order of the flow at hand.</summary>
public sealed class TaskNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(CommandFlow.Tasks(commandAst, fakeBoundParameters).Select(task => task.Name), wordToComplete);
}
