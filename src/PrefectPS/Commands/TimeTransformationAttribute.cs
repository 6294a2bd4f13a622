using System.Management.Automation;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Takes a time with an offset as the moment that it is: PowerShell itself would make a text of it first, and lose a part.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PowerShellValues.Instance.Unwrap(inputData) is DateTimeOffset time ? time.UtcDateTime : inputData;
}
