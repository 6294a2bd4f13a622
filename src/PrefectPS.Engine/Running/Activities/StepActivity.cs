#if !NETSTANDARD
using System.Diagnostics;
using PrefectPS.States;
using PrefectPS.Telemetry;
#endif
using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Traces a step and, if the run ends in it, the run.</summary>
internal sealed class StepActivity : IDisposable
{
#if NETSTANDARD
#pragma warning disable CA1822 // instance data exists on targets with tracing
    /// <summary>No tracing on Windows PowerShell.</summary>
    public static StepActivity? Begin(FlowState given) => null;

    /// <summary>Ends the step.</summary>
    public void End(FlowState after) => _ = after;
#pragma warning restore CA1822

    public void Dispose()
    {
    }
#else
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly FlowState _given;
    private readonly ActivityContext _trace;
    private readonly Activity? _activity;

    private StepActivity(FlowState given)
    {
        _given = given;
        _trace = RunTrace.Of(given);
        ActivityLink[] caller = Activity.Current is { } around ? [new(around.Context)] : [];
        _activity = FlowTelemetry.Source.StartActivity($"step {given.Flow.Name}", ActivityKind.Internal, _trace, Tags(given), caller);
        _activity?.SetTag(ActivityNames.Step, given.Step + 1);
    }

    /// <summary>Begins tracing a step; null if nobody listens.</summary>
    /// <param name="given">The run before the step.</param>
    public static StepActivity? Begin(FlowState given) => FlowTelemetry.HasListeners ? new(given) : null;

    /// <summary>Ends the step.</summary>
    /// <param name="after">The run after the step.</param>
    public void End(FlowState after)
    {
        _activity?.SetTag(ActivityNames.State, after.State);
        FlowTelemetry.StepDuration.Record(
            Stopwatch.GetElapsedTime(_started).TotalSeconds, new TagList { { ActivityNames.Flow, after.Flow.Name }, { ActivityNames.State, after.State } });
        if (after.IsOver && !_given.IsOver)
            TellRun(after);
    }

    public void Dispose() => _activity?.Dispose();

    private static IEnumerable<KeyValuePair<string, object?>> Tags(FlowState run) => [new(ActivityNames.Flow, run.Flow.Name), new(ActivityNames.RunId, run.RunId)];

    // The run may have begun in another process.
    private void TellRun(FlowState after)
    {
        var result = ActivityNames.ResultOf(after.StateType);
        var now = after.Flow.Services.Clock.GetUtcNow();
        FlowTelemetry.RunDuration.Record(
            (now - after.StartTime).TotalSeconds, new TagList { { ActivityNames.Flow, after.Flow.Name }, { ActivityNames.Result, result }, { ActivityNames.State, after.State } });
        using var run = FlowTelemetry.Source.StartActivity($"run {after.Flow.Name}", ActivityKind.Internal, _trace, Tags(after), links: null, after.StartTime);
        run?.SetTag(ActivityNames.Result, result);
        run?.SetTag(ActivityNames.State, after.State);
        if (after.StateType.IsFailed())
            run?.SetStatus(ActivityStatusCode.Error);
        run?.SetEndTime(now.UtcDateTime);
    }
#endif
}
