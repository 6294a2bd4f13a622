using System.Collections;
using System.Management.Automation.Language;
using PrefectPS.Commands;
using PrefectPS.Flows;

namespace PrefectPS.Completion;

/// <summary>The flow that the command being typed is about, and its tasks: as it is in the session, and as it stands in the script.</summary>
internal static class FlowAtHand
{
    /// <summary>The tasks, those the flow has already first.</summary>
    /// <param name="command">The command being typed.</param>
    /// <param name="given">The arguments that PowerShell could bind.</param>
    public static IEnumerable<KnownTask> Tasks(CommandAst command, IDictionary given)
    {
        var existing = Find(command, given)?.Tasks.Select(task => new KnownTask(task.Name, task.Slug, task.Tags, task.Subflow)) ?? [];
        return existing.Concat(WrittenTasks.Around(command));
    }

    /// <summary>The flow, as it is in the session; null where there is none.</summary>
    /// <inheritdoc cref="Tasks"/>
    public static Flow? Find(CommandAst command, IDictionary given) =>
        given.Values.Cast<object?>().Select(FlowValue.In).FirstOrDefault(f => f is not null)
        ?? CommandVariables.Of(command).Select(name => FlowValue.In(SessionVariable.Read(name))).FirstOrDefault(f => f is not null)
        ?? FlowDefinition.Current;
}
