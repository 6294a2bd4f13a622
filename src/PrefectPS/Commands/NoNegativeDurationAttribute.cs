using System.Management.Automation;

namespace PrefectPS.Commands;

/// <summary>Refuses negative durations.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class NoNegativeDurationAttribute : ValidateEnumeratedArgumentsAttribute
{
    protected override void ValidateElement(object element)
    {
        if (element is TimeSpan time && time < TimeSpan.Zero)
            throw new ValidationMetadataException($"The duration {time} is less than zero.");
    }
}
