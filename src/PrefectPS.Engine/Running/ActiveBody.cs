using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A running body off the step's thread, with its stop signal and deadlines.</summary>
internal sealed class ActiveBody(TaskRun run) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _hasEnded;

    public TaskRun Run { get; } = run;

    /// <summary>Cancelled when the body is asked to stop.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>True if the body has ended, even if the step has not processed that yet.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>True if the body has been asked to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>True if the body was stopped by its own timeout, not by the step.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>When the body's timeout expires; null if it has none or has not begun.</summary>
    public DateTimeOffset? TimesOutAt(IBodyRun body) => Run.Task.Timeout is { } timeout ? body.Begun?.Plus(timeout) : null;

    /// <summary>When the body has to end: by its timeout or the step's deadline, whichever is earlier.</summary>
    public DateTimeOffset? EndsBy(IBodyRun body, DateTimeOffset? deadline) => TimesOutAt(body) is { } time && !(time > deadline) ? time : deadline;

    /// <summary>Marks the body as ended. Thread-safe.</summary>
    public void SetEnded() => _hasEnded = true;

    /// <summary>Asks the body to stop.</summary>
    public void Stop(IBodyRun body, bool isTimeout)
    {
        IsStopping = true;
        IsTimedOut = isTimeout;
        body.Stop();
        ThreadPool.QueueUserWorkItem(_ => StepEnd.Cancel(_stop)); // cancellation callbacks must not run on the step's thread
    }

    public void Dispose() => _stop.Dispose();
}
