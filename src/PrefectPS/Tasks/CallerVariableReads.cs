using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Finds the caller's variables that tasks of a flow read without <c>$using:</c>, and that do not exist in a separate runspace.</summary>
internal static class CallerVariableReads
{
    /// <summary>A warning for each.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="caller">The caller's session.</param>
    /// <param name="selection">Which of its tasks are to run; null for all.</param>
    /// <param name="prefix">The prefix of its task slugs.</param>
    public static IEnumerable<string> Of(Flow flow, SessionState caller, RunSelection? selection, string prefix = "")
    {
        var selected = selection?.In(flow.Plan);
        foreach (var task in flow.Tasks)
        {
            if (selected?.Has(task.Index) == false)
                continue;
            if (task.Subflow is { } inner)
            {
                foreach (var warning in Of(inner, caller, selected?.PartOf(task.Index), $"{prefix}{task.Slug}/"))
                    yield return warning;
            }

            if (task.Body is not ScriptBlockBody { Portable: { IsClosure: false } block } body)
                continue;
            foreach (var name in block.Reads)
            {
                if (body.Definition?.TryGet(name, out _) == true || CallerVariables.TryFind(block.Block.Module?.SessionState ?? caller, name, out _))
                    yield return ModuleTexts.CallerVariableOfOther(prefix + task.Slug, name);
            }
        }
    }
}
