#if !NETSTANDARD
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>
/// The trace shared by all steps of a run, in whatever process. Its ids derive from data that every document, message and record of the run contains, so
/// nothing needs to be stored, and a traced step joins the trace even if earlier steps were not traced.
/// </summary>
internal static class RunTrace
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;

    /// <summary>The parent context of a run's steps.</summary>
    public static ActivityContext Of(FlowState run)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{run.Flow.Name}\n{run.RunId}\n{run.StartTime.ToUnixTimeSeconds()}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return new(
            ActivityTraceId.CreateFromBytes(hash.AsSpan(0, TraceIdLength)), ActivitySpanId.CreateFromBytes(hash.AsSpan(TraceIdLength, SpanIdLength)),
            ActivityTraceFlags.Recorded, isRemote: true);
    }
}
#endif
