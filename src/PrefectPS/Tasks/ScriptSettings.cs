using System.Management.Automation;
using PrefectPS.Flows;

namespace PrefectPS.Tasks;

/// <summary>Settings that are common to all script blocks of a flow.</summary>
/// <param name="ErrorAction">The action for non-terminating errors.</param>
/// <param name="Setup">The setup of their runspaces; null for none.</param>
internal sealed record ScriptSettings(ActionPreference ErrorAction, FlowSetup? Setup = null)
{
    private static readonly ScriptSettings Default = new(ActionPreference.Stop);

    /// <summary>Those of a flow.</summary>
    public static ScriptSettings Of(Flow flow) => flow.BodySettings as ScriptSettings ?? Default;
}
