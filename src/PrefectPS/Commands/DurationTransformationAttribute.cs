using System.Globalization;
using System.Management.Automation;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Converts a plain number to seconds, like Start-Sleep. PowerShell would convert 8 to 8 ticks and '8' to 8 days.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = PowerShellValues.Instance.Unwrap(inputData);
        return value is object[] several ? several.Select(each => Transform(engineIntrinsics, each)).ToArray()
            : NumberIn(value) is { } seconds ? TimeSpan.FromSeconds(seconds)
            : inputData;
    }

    /// <summary>The value as a number, or the number in its text; null if it is neither.</summary>
    public static double? NumberIn(object? value) => value switch
    {
        int or long or double or float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
