#if !NETSTANDARD
using System.Diagnostics;
using PrefectPS.Telemetry;
#endif
using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>Tells listeners of one attempt of a task: its body, from its begin to its end.</summary>
internal sealed class AttemptSpan : IDisposable
{
#if NETSTANDARD
    /// <summary>Begins an attempt: Windows PowerShell has no such listeners.</summary>
    public static AttemptSpan? Begin(TaskRun task, RunIdentity run, bool isHere) => null;

    /// <summary>The body has ended, or is left.</summary>
    public void End(BodyOutcome outcome) => _ = outcome;

    public void Dispose()
    {
    }
#else
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TaskRun _task;
    private readonly Activity? _activity;

    private AttemptSpan(TaskRun task, RunIdentity run, bool isHere)
    {
        _task = task;
        var around = Activity.Current;
        _activity = FlowTelemetry.Source.StartActivity($"task {task.Path}");
        _activity?.SetTag(SpanTags.Flow, task.Task.Flow.Name);
        _activity?.SetTag(SpanTags.RunId, run.RunId);
        _activity?.SetTag(SpanTags.Task, task.Path);
        _activity?.SetTag(SpanTags.Attempt, task.Attempt);
        if (!isHere)
            Activity.Current = around; // what this thread does meanwhile is none of it
    }

    /// <summary>Begins an attempt; null where nobody listens.</summary>
    /// <param name="task">The task.</param>
    /// <param name="run">The run.</param>
    /// <param name="isHere">Whether the body runs on this thread, and what it does is part of it.</param>
    public static AttemptSpan? Begin(TaskRun task, RunIdentity run, bool isHere) => FlowTelemetry.HasListeners ? new(task, run, isHere) : null;

    /// <summary>The body has ended, or is left.</summary>
    public void End(BodyOutcome outcome)
    {
        var state = outcome.State;
        var error = SpanTags.IsError(state.Type) ? state.Error?.ExceptionType ?? state.Error?.Id ?? state.Type.ToString() : null;
        var result = outcome.HasEnded ? SpanTags.ResultOf(state.Type) : null;
        var tags = new TagList { { SpanTags.Flow, _task.Task.Flow.Name }, { SpanTags.Task, _task.Task.Slug }, { SpanTags.TaskResult, result } };
        if (error is not null)
            tags.Add(SpanTags.ErrorType, error);
        FlowTelemetry.AttemptDuration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, tags);
        _activity?.SetTag(SpanTags.TaskResult, result);
        _activity?.SetTag(SpanTags.State, state.Type.ToString());
        if (error is not null)
            _activity?.SetTag(SpanTags.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        Dispose();
    }

    public void Dispose() => _activity?.Dispose();
#endif
}
