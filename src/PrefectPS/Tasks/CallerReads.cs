using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>The variables of the caller that the tasks of a flow read without <c>$using:</c>, and would not find beside the session.</summary>
internal static class CallerReads
{
    /// <summary>A warning for each.</summary>
    public static IEnumerable<string> Of(Flow flow, SessionState caller, string prefix = "")
    {
        foreach (var task in flow.Tasks)
        {
            if (task.Subflow is { } inner)
            {
                foreach (var warning in Of(inner, caller, $"{prefix}{task.Slug}/"))
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
