using System.Management.Automation;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Keeps a time with an offset exactly: PowerShell would convert it to text first and lose precision.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        PowerShellValues.Instance.Unwrap(inputData) is DateTimeOffset time ? time.UtcDateTime : inputData;
}
