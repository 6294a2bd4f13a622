using PrefectPS.Results;

namespace PrefectPS.Diagrams.Reports;

/// <summary>Moments as a report has them: in milliseconds since the run's start.</summary>
/// <param name="started">When the run was started.</param>
internal sealed class ReportTimes(DateTimeOffset started)
{
    /// <summary>A moment.</summary>
    public decimal At(DateTimeOffset time) => JsonStyle.Milliseconds(time - started);
}
