using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PrefectPS.Completion;

/// <summary>Completes the tags that tasks of the flow at hand have.</summary>
public sealed class TagCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var tags = CommandFlow.Tasks(commandAst, fakeBoundParameters).SelectMany(task => task.Tags);
        return Candidates.Matching(tags.OrderBy(tag => tag, StringComparer.OrdinalIgnoreCase), wordToComplete);
    }
}
