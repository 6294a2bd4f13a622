using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>
/// Refuses null so that the pipeline's binder offers it to another parameter. The binder's own check of what is mandatory ends the binding.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotNullTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object? inputData) => inputData ?? throw PlainText.NotThat("It is $null.");
}
