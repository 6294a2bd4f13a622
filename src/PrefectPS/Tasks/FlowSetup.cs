using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace PrefectPS.Tasks;

/// <summary>What sets up each runspace that tasks of a flow run in: modules, and a script.</summary>
/// <param name="Flow">The flow's name, for errors.</param>
/// <param name="Modules">The modules, in the order they are imported in.</param>
/// <param name="Script">What runs after; null for nothing.</param>
internal sealed record FlowSetup(string Flow, IReadOnlyList<ModuleSpecification> Modules, ScriptBlock? Script)
{
    /// <summary>That of a flow that needs none.</summary>
    public static readonly FlowSetup None = new(string.Empty, [], null);

    // Each flow's is its own, whatever is in it.
    public bool Equals(FlowSetup? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
