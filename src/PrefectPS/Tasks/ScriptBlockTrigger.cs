using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Triggers;

namespace PrefectPS.Tasks;

/// <summary>A trigger that is a script block: it receives the upstream tasks, and lets the task run by returning a true value.</summary>
internal static class ScriptBlockTrigger
{
    public static ITrigger Of(ScriptBlock block)
    {
        var trigger = new SessionBlock(block);
        return new CustomTrigger(block.ToString(), upstream => LanguagePrimitives.IsTrue(trigger.Invoke(context: null, (object)upstream.ToArray())));
    }
}
