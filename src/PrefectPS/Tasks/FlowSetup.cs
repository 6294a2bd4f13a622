using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace PrefectPS.Tasks;

/// <summary>The setup of the runspaces of a flow's tasks: modules and a script.</summary>
/// <param name="Flow">The flow's name, for errors.</param>
/// <param name="Modules">The modules, in import order.</param>
/// <param name="Script">The script that runs after the imports; null for none.</param>
internal sealed record FlowSetup(string Flow, IReadOnlyList<ModuleSpecification> Modules, ScriptBlock? Script)
{
    /// <summary>The empty setup.</summary>
    public static readonly FlowSetup None = new(string.Empty, [], null);

    // Reference equality: each flow has its own setup.
    public bool Equals(FlowSetup? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
