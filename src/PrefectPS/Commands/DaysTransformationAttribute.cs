using System.Management.Automation;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Refuses a plain number as a duration that people think of in days: PowerShell itself would read 30 as 30 ticks, and '30' as 30 days.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class DaysTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        DurationTransformationAttribute.NumberIn(PowerShellValues.Instance.Unwrap(inputData)) is null ? inputData : throw Refusal(inputData);

    private static ArgumentTransformationMetadataException Refusal(object given) =>
        new($"The unit of the number {given} is unclear: days or seconds. Use 30.00:00:00 for thirty days, 02:00:00 for two hours.");
}
