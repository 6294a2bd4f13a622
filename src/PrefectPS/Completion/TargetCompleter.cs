using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PrefectPS.Flows;

namespace PrefectPS.Completion;

/// <summary>Completes the variables of a target within what was typed of it, and the parameters of the flow at hand.</summary>
public sealed class TargetCompleter : IArgumentCompleter
{
    private static readonly HashSet<string> Dates = ["date", "scheduled_start_time"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (IsExpanded(commandAst, parameterName))
            return [];
        var typed = Candidates.Unquoted(wordToComplete);
        var open = typed.LastIndexOf('{');
        var before = open < 0 || typed.IndexOf('}', open) >= 0 ? typed : typed.Substring(0, open);
        var parameters = CommandFlow.Find(commandAst, fakeBoundParameters)?.Parameters ?? [];
        var names = TargetVariables.Names.Concat(parameters).Select(name => Dates.Contains(name) ? $"{name}:yyyy-MM-dd" : name);
        return Candidates.Matching(names.Select(name => $"{before}{{{name}}}"), wordToComplete);
    }

    // For an expandable string, the word contains the values of its variables, which must not replace the variables.
    private static bool IsExpanded(CommandAst command, string parameter)
    {
        var at = command.CommandElements.ToList().FindIndex(
            element => element is CommandParameterAst given && parameter.StartsWith(given.ParameterName, StringComparison.OrdinalIgnoreCase));
        return at >= 0 && at + 1 < command.CommandElements.Count && command.CommandElements[at + 1] is ExpandableStringExpressionAst { NestedExpressions.Count: > 0 };
    }
}
