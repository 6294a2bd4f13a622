using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Refuses a script block where a name is wanted: PowerShell would take its text for the name that was forgotten.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextNotBlockAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is ScriptBlock
            ? throw new ArgumentTransformationMetadataException("The name is missing before the block: New-Flow <name> { … }, task <name> { … }.")
            : inputData;
}
