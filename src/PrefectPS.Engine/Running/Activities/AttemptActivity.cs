#if !NETSTANDARD
using System.Diagnostics;
using PrefectPS.States;
using PrefectPS.Telemetry;
#endif
using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Traces one attempt of a task: its body from start to end.</summary>
internal sealed class AttemptActivity : IDisposable
{
#if NETSTANDARD
#pragma warning disable CA1822 // instance data exists on targets with tracing
    /// <summary>No tracing on Windows PowerShell.</summary>
    public static AttemptActivity? Begin(TaskRun task, RunIdentity run, bool isHere) => null;

    /// <summary>Ends the attempt.</summary>
    public void End(BodyOutcome outcome) => _ = outcome;
#pragma warning restore CA1822

    public void Dispose()
    {
    }
#else
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TaskRun _task;
    private readonly Activity? _activity;

    private AttemptActivity(TaskRun task, RunIdentity run, bool isHere)
    {
        _task = task;
        var around = Activity.Current;
        _activity = FlowTelemetry.Source.StartActivity($"task {task.Path}");
        _activity?.SetTag(ActivityNames.Flow, task.Task.Flow.Name);
        _activity?.SetTag(ActivityNames.RunId, run.RunId);
        _activity?.SetTag(ActivityNames.Task, task.Path);
        _activity?.SetTag(ActivityNames.Attempt, task.Attempt);
        if (!isHere)
            Activity.Current = around; // the activity does not cover what this thread does meanwhile
    }

    /// <summary>Begins tracing an attempt; null if nobody listens.</summary>
    /// <param name="task">The task.</param>
    /// <param name="run">The run.</param>
    /// <param name="isHere">Whether the body runs on this thread, as part of the activity.</param>
    public static AttemptActivity? Begin(TaskRun task, RunIdentity run, bool isHere) => FlowTelemetry.HasListeners ? new(task, run, isHere) : null;

    /// <summary>Ends the attempt.</summary>
    public void End(BodyOutcome outcome)
    {
        var state = outcome.State;
        var error = state.Type.IsFailed() ? state.Error?.ExceptionType ?? state.Error?.Id ?? state.Type.ToString() : null;
        var result = outcome.HasEnded ? ActivityNames.ResultOf(state.Type) : null;
        var tags = new TagList { { ActivityNames.Flow, _task.Task.Flow.Name }, { ActivityNames.Task, _task.Task.Slug }, { ActivityNames.TaskResult, result } };
        if (error is not null)
            tags.Add(ActivityNames.ErrorType, error);
        FlowTelemetry.AttemptDuration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, tags);
        _activity?.SetTag(ActivityNames.TaskResult, result);
        _activity?.SetTag(ActivityNames.State, state.Type.ToString());
        if (error is not null)
            _activity?.SetTag(ActivityNames.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        Dispose();
    }

    public void Dispose() => _activity?.Dispose();
#endif
}
