using PrefectPS.Flows;

namespace PrefectPS.Running;

/// <summary>A body that is running beside the step's thread, and when it has to have ended.</summary>
internal sealed class ActiveBody(TaskRun run) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _hasEnded;

    public TaskRun Run { get; } = run;

    /// <summary>Cancelled when it is asked to stop.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>True if it has ended, though the step may not have come to see to it.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>True if it has been asked to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>True if it was stopped because its own timeout had ended, not the step.</summary>
    public bool IsTimedOut { get; private set; }

    /// <summary>When its own timeout ends; null if it has none, or has not begun.</summary>
    public DateTimeOffset? TimesOutAt(IBodyRun body) => Run.Task.Timeout is { } timeout ? body.Begun?.Plus(timeout) : null;

    /// <summary>When it has to end: by its own timeout or by the step's deadline, whichever comes first.</summary>
    public DateTimeOffset? EndsBy(IBodyRun body, DateTimeOffset? deadline) => TimesOutAt(body) is { } time && !(time > deadline) ? time : deadline;

    /// <summary>It has ended. May be called from any thread.</summary>
    public void SetEnded() => _hasEnded = true;

    /// <summary>Asks the body to stop.</summary>
    public void Stop(IBodyRun body, bool isTimeout)
    {
        IsStopping = true;
        IsTimedOut = isTimeout;
        body.Stop();
        ThreadPool.QueueUserWorkItem(_ => StepEnd.Cancel(_stop)); // what the body does then is not to happen on the step's own thread
    }

    public void Dispose() => _stop.Dispose();
}
