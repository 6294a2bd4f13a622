using System.Collections;
using System.Management.Automation.Language;
using PrefectPS.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Completion;

/// <summary>Finds the flow of the command being typed, and its tasks, from the session and from the script.</summary>
internal static class CommandFlow
{
    /// <summary>The tasks, those of the existing flow first.</summary>
    /// <param name="command">The command being typed.</param>
    /// <param name="given">The arguments that PowerShell could bind.</param>
    public static IEnumerable<KnownTask> Tasks(CommandAst command, IDictionary given)
    {
        var existing = Find(command, given)?.Tasks.Select(task => new KnownTask(task.Name, task.Slug, task.Tags, task.Subflow)) ?? [];
        return existing.Concat(ScriptTasks.Around(command));
    }

    /// <summary>The flow in the session; null if there is none.</summary>
    /// <inheritdoc cref="Tasks"/>
    public static Flow? Find(CommandAst command, IDictionary given) =>
        given.Values.Cast<object?>().Select(FlowValue.In).FirstOrDefault(f => f is not null)
        ?? SourceVariables.Of(command).Select(name => FlowValue.In(SessionVariable.Read(name))).FirstOrDefault(f => f is not null)
        ?? FlowDefinition.Current;
}
