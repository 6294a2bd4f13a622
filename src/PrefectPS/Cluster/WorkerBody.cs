using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>A body that runs in a worker. To dispose of it is to stop it.</summary>
/// <param name="label">The task, with the path of the flow that it is in.</param>
/// <param name="sink">Takes what comes of it.</param>
/// <param name="tell">BodyUpdate that it begins and ends.</param>
/// <param name="held">Disposed of once it has ended.</param>
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

    /// <summary>Begins to run it.</summary>
    /// <param name="start">Starts it, and has called what it is given once it has ended.</param>
    /// <param name="limit">After how long it is stopped here; null for never.</param>
    /// <param name="report">What came of it.</param>
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
                        // The body is known by the time that this is entered.
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

    /// <summary>It has ended.</summary>
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
