using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>What the script blocks of all tasks of a flow have in common.</summary>
/// <param name="ErrorAction">What an error does that a command could go on after.</param>
/// <param name="Setup">What sets up the runspaces that they run in; null for nothing.</param>
internal sealed record ScriptSettings(ActionPreference ErrorAction, FlowSetup? Setup = null)
{
    private static readonly ScriptSettings Default = new(ActionPreference.Stop);

    /// <summary>Those of a flow.</summary>
    public static ScriptSettings Of(Flow flow) => flow.BodySettings as ScriptSettings ?? Default;
}
