#if !NETSTANDARD
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>
/// The trace that all steps of a run are in, whatever process takes them. Its ids are made of what every document, message and record of the run has, its flow, its id and
/// its time; so nothing has to be written for it, and a step that somebody listens to is in it also where the steps before were heard by nobody.
/// </summary>
internal static class RunTrace
{
    private const int TraceIdLength = 16;
    private const int SpanIdLength = 8;

    /// <summary>What the steps of a run are children of.</summary>
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
