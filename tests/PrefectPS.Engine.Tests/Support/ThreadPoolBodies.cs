using System.Runtime.ExceptionServices;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Runs bodies on their own threads; a stopped body ends when it checks its token.</summary>
internal sealed class ThreadPoolBodies : IBodyPool
{
    private static readonly AsyncLocal<CancellationToken> Stopping = new();
    private int _running;
    private int _ended;

    /// <summary>Blocks a body until it is stopped.</summary>
    public static object? WaitToBeStopped()
    {
        var token = Stopping.Value;
        Assert.True(token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)), "Nobody stopped the body.");
        throw new OperationCanceledException(token);
    }

    public IBodyPlaces? Places { get; init; }

    /// <summary>Maximum number of bodies that ran at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Number of ended bodies.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var run = new Run(task.Flow.Services.Clock.GetUtcNow());
        for (var i = 0; i < arguments.Count; i++)
            _ = arguments[i];
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
        var thread = new Thread(() =>
        {
            Stopping.Value = run.Token;
            run.Execute(() => task.Body!.Run(context, arguments));
            Interlocked.Decrement(ref _running);
            ended();
            Interlocked.Increment(ref _ended);
        })
        { IsBackground = true };
        thread.Start();
        return run;
    }

    private sealed class Run(DateTimeOffset begun) : IBodyRun
    {
        private readonly CancellationTokenSource _stop = new();
        private object? _value;
        private ExceptionDispatchInfo? _thrown;

        public CancellationToken Token => _stop.Token;

        public bool WasStopped { get; private set; }

        public DateTimeOffset? Begun => begun;

        public WorkerLoss? Loss => null;

        public void Stop() => _stop.Cancel();

        public void Dispose() => _stop.Dispose();

        public object? GetResult()
        {
            _thrown?.Throw();
            return _value;
        }

        public void Execute(Func<object?> body)
        {
            try
            {
                _value = body();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                WasStopped = true;
            }
            catch (Exception e)
            {
                _thrown = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
