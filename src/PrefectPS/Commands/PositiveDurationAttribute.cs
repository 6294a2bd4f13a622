using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Refuses durations that are not positive.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class PositiveDurationAttribute : ValidateArgumentsAttribute
{
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is TimeSpan time && time <= TimeSpan.Zero)
            throw new ValidationMetadataException($"The duration {time} is not greater than zero. Use a time such as 00:08:00, or a number of seconds.");
    }
}
