using System.Globalization;
using System.Management.Automation;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Takes a plain number as seconds, as Start-Sleep does. PowerShell itself would read 8 as 8 ticks and '8' as 8 days.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class DurationTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = PowerShellValues.Instance.Unwrap(inputData);
        return value switch
        {
            object[] several => several.Select(each => Transform(engineIntrinsics, each)).ToArray(),
            int or long or double or float or decimal => TimeSpan.FromSeconds(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) => TimeSpan.FromSeconds(seconds),
            _ => inputData,
        };
    }
}
