using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Completes the slugs of tasks, in the order of the flow at hand, those of subflows among them.</summary>
public sealed class TaskSlugCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Candidates.Matching(CommandFlow.Tasks(commandAst, fakeBoundParameters).SelectMany(task => task.InnerSlugs.Prepend(task.Slug)), wordToComplete);
}
