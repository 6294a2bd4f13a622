using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Accepts a secret as text, because secrets from vaults and environment variables often are.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretTransformationAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData is PSObject { BaseObject: var value } ? Hide(value) : Hide(inputData);

    private static object? Hide(object? value) => value is string { Length: > 0 } text ? Secret.Hide(text) : value;
}
