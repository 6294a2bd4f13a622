using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>A body that runs in a worker. Disposing stops it.</summary>
/// <param name="label">The task, with the path of its subflow.</param>
/// <param name="sink">Receives the outcome.</param>
/// <param name="tell">Called when it starts and ends.</param>
/// <param name="held">Disposed when it has ended.</param>
internal sealed class WorkerBody(string label, IBodySink sink, Action<string> tell, IDisposable held) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private RunspaceBody? _body;
    private Timer? _limit;
    private bool _isStopped;
    private bool _hasEnded;

    /// <summary>Cancelled when it has to end.</summary>
    public CancellationToken StopToken => _stop.Token;

    /// <summary>Starts the body.</summary>
    /// <param name="start">Starts the body; calls its argument when the body has ended.</param>
    /// <param name="limit">The time after which the worker stops it; null for never.</param>
    /// <param name="report">Creates the report of the outcome.</param>
    public void Start(Func<Action, RunspaceBody> start, TimeSpan? limit, Func<RunspaceBody, BodyReport> report)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                tell($"{label}: begins.");
                RunspaceBody? body = null;
                body = _body = start(() => ThreadPool.QueueUserWorkItem(_ =>
                {
                    lock (_gate)
                    {
                        // The field is set before this lock is entered.
                    }

                    End(report(body!));
                    body!.Dispose();
                }));
                if (limit is { } time && time.TotalMilliseconds < uint.MaxValue - 1)
                    _limit = new(_ => Dispose(), null, time, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        End(BodyReport.Stopped);
    }

    /// <summary>The body has ended.</summary>
    public void End(BodyReport report)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
        }

        _limit?.Dispose();
        held.Dispose();
        tell($"{label}: ends, {report.Kind}.");
        sink.End(report);
    }

    public void Dispose()
    {
        RunspaceBody? body;
        lock (_gate)
        {
            if (_isStopped || _hasEnded)
                return;
            _isStopped = true;
            body = _body;
        }

        body?.Stop();
        ThreadPool.QueueUserWorkItem(_ => Running.StepEnd.Cancel(_stop));
    }
}
