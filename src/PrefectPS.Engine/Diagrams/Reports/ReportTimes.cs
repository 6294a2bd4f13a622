using PrefectPS.Results;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Converts times to milliseconds since the run's start.</summary>
/// <param name="started">The run's start.</param>
internal sealed class ReportTimes(DateTimeOffset started)
{
    /// <summary>Converts a time.</summary>
    public decimal At(DateTimeOffset time) => JsonStyle.Milliseconds(time - started);
}
