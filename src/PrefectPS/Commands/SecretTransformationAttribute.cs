using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Takes a secret as text, too: some come from a vault or an environment variable, as text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is PSObject { BaseObject: var value } ? Hide(value) : Hide(inputData);

    private static object? Hide(object? value) => value is string { Length: > 0 } text ? Secret.Hide(text) : value;
}
