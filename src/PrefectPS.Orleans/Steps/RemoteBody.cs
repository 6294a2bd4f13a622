using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;
using PrefectPS.Running;

namespace PrefectPS.Orleans.Steps;

/// <summary>A body that runs, or is to run, in a worker.</summary>
/// <param name="pool">Where it was started.</param>
/// <param name="task">The task.</param>
/// <param name="context">What it runs for.</param>
/// <param name="post">Does something on the step's own thread.</param>
/// <param name="ended">Called once when it has ended.</param>
internal sealed class RemoteBody(ClusterBodyPool pool, FlowTask task, FlowContext context, Action<Action> post, Action ended) : IBodyRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8); // a worker leaves a body behind that does not end within 5

    private readonly object _ending = new();
    private Timer? _leaveBehind;
    private BodyEnd _end;
    private object? _content;
    private FlowException? _fault;
    private bool _hasEnded;

    /// <summary>The task.</summary>
    public FlowTask Task => task;

    /// <summary>What it runs for.</summary>
    public FlowContext Context => context;

    /// <summary>What is sent, but for the number of the sending.</summary>
    public required WorkItem Item { get; init; }

    /// <summary>Opens what comes back.</summary>
    public required Parcels Parcels { get; init; }

    /// <summary>What tells this sending of it from all others; null while it is not sent.</summary>
    public string? Delivery { get; set; }

    /// <summary>The worker that it was sent to; null for none.</summary>
    public WorkerLink? Link { get; set; }

    /// <summary>Whether nothing else may run beside it: it was there when a worker died.</summary>
    public bool IsAlone { get; set; } = context.IsSuspect;

    /// <summary>How much was told of it.</summary>
    public int Told { get; set; }

    /// <summary>Where its outcome is in the store, or files of it; null for nowhere.</summary>
    public string? OutcomeLocation { get; set; }

    /// <summary>Whether it is to stop.</summary>
    public bool IsStopping { get; private set; }

    public DateTimeOffset? Begun { get; private set; }

    /// <summary>How long it has been running, as the worker says; zero where it has not said so yet.</summary>
    public TimeSpan Age => Begun is { } begun ? task.Flow.Services.Clock.GetUtcNow() - begun : TimeSpan.Zero;

    public WorkerLoss? Loss { get; private set; }

    public bool WasStopped => _end is BodyEnd.Stopped;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded);

    /// <summary>A worker has taken it: from now on its timeout counts.</summary>
    public void Begin()
    {
        Begun = task.Flow.Services.Clock.GetUtcNow();
        if (task.Timeout is not null)
            post(() => { });
    }

    /// <summary>It is to be sent to another worker, and its timeout counts from when that takes it.</summary>
    public void SetUnsent() => (Link, Delivery, Told, Begun) = (null, null, 0, null);

    /// <summary>There is something to say of its wait, on the step's own thread.</summary>
    public void Note(Action note) => post(note);

    /// <summary>It has written something.</summary>
    public void Deliver(IBodyCourier courier, byte[] written) => post(() => courier.Deliver(task, context, written));

    /// <summary>It has ended.</summary>
    public void End(BodyEnd end, object? content)
    {
        if (TryEnd(end, content))
            ended();
    }

    /// <summary>Its worker died while it ran alone there.</summary>
    public void Lose(WorkerLoss loss)
    {
        Loss = loss;
        End(BodyEnd.Stopped, content: null);
    }

    public void Stop()
    {
        IsStopping = true;
        _leaveBehind = new(_ => End(BodyEnd.Stopped, content: null), null, Grace, Timeout.InfiniteTimeSpan);
        pool.Stop(this);
    }

    /// <summary>It has ended, and what came of it cannot be read.</summary>
    public void Fail(FlowException fault)
    {
        _fault = fault;
        End(BodyEnd.Failed, content: null);
    }

    /// <summary>Deletes what was sent by the store.</summary>
    public void DeleteParcels()
    {
        foreach (var location in new[] { Item.Location, OutcomeLocation }.OfType<string>())
            Parcels.Delete(location);
    }

    public object? GetResult() => _fault is null ? BodyReport.Conclude(_end, _content, (error, detail) => pool.FailureOf(task, error, detail)) : throw _fault;

    public void Dispose()
    {
        _leaveBehind?.Dispose();
        pool.Forget(this);
    }

    private bool TryEnd(BodyEnd end, object? content)
    {
        lock (_ending)
        {
            if (_hasEnded)
                return false;
            (_end, _content) = (end, content);
            Volatile.Write(ref _hasEnded, true);
            return true;
        }
    }
}
