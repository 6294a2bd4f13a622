using System.Globalization;
using System.Text.RegularExpressions;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>A task that takes longer than it may, or not. The reference's seconds are ours divided by <see cref="Haste"/>.</summary>
internal static partial class TimeoutTrials
{
    private const double Haste = 20;

    // timeout_1_max_retries_1, timeout_1_ok
    public static Sightings? Run(ReferenceRow row)
    {
        if (Name().Match(row.Name) is not { Success: true } name)
            return null;
        var seconds = double.Parse(name.Groups["seconds"].Value, CultureInfo.InvariantCulture);
        var retry = name.Groups["retries"] is { Success: true } retries
            ? new RetryPolicy { MaxRetries = int.Parse(retries.Value, CultureInfo.InvariantCulture) }
            : null;
        Func<FlowContext, object?> body = name.Groups["ok"].Success ? _ => "fast" : _ => ThreadPoolBodies.WaitToBeStopped();
        var timeout = TimeSpan.FromSeconds(name.Groups["ok"].Success ? seconds * Haste : seconds / Haste);
        return new TaskUnderTrial(row, body, retry, timeout: timeout).RunBeside();
    }

    [GeneratedRegex("^timeout_(?<seconds>[0-9.]+)(_max_retries_(?<retries>[0-9]+))?(?<ok>_ok)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
