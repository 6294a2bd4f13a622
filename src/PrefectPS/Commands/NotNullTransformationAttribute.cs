using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>
/// Refuses null, so that the pipeline binder tries the next parameter. The binder's own check for mandatory parameters would end the binding.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotNullTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData ?? throw PlainText.NotThat("It is $null.");
}
