using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;
using PrefectPS.Running;

namespace PrefectPS.Orleans.Steps;

/// <summary>A body that runs, or will run, on a worker.</summary>
/// <param name="pool">The pool that started it.</param>
/// <param name="task">The task.</param>
/// <param name="context">The task's context.</param>
/// <param name="post">Runs an action on the step's thread.</param>
/// <param name="ended">Called once when the body has ended.</param>
internal sealed class RemoteBody(ClusterBodyPool pool, FlowTask task, FlowContext context, Action<Action> post, Action ended) : IBodyRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8); // a worker abandons a body that does not end within 5

    private readonly object _ending = new();
    private Timer? _leaveBehind;
    private BodyEnd _end;
    private object? _content;
    private FlowException? _fault;
    private bool _hasEnded;

    /// <summary>The task.</summary>
    public FlowTask Task => task;

    /// <summary>The task's context.</summary>
    public FlowContext Context => context;

    /// <summary>The work item, without its dispatch id.</summary>
    public required WorkItem Item { get; init; }

    /// <summary>Deserializes the outcome.</summary>
    public required PayloadPacker Packer { get; init; }

    /// <summary>The id of the current dispatch; null while not dispatched.</summary>
    public string? DispatchId { get; set; }

    /// <summary>The worker it was dispatched to; null for none.</summary>
    public WorkerLink? Link { get; set; }

    /// <summary>True if it must run alone, having been on a worker that died.</summary>
    public bool IsAlone { get; set; } = context.IsSuspect;

    /// <summary>The number of the next expected update.</summary>
    public int NextUpdate { get; set; }

    /// <summary>The store path of its outcome or its files; null for none.</summary>
    public string? OutcomeLocation { get; set; }

    /// <summary>True if it was asked to stop.</summary>
    public bool IsStopping { get; private set; }

    public DateTimeOffset? Begun { get; private set; }

    /// <summary>Running time; zero before the worker reports the start.</summary>
    public TimeSpan Age => Begun is { } begun ? task.Flow.Services.Clock.GetUtcNow() - begun : TimeSpan.Zero;

    public WorkerLoss? Loss { get; private set; }

    public bool WasStopped => _end is BodyEnd.Stopped;

    /// <summary>True if it has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded);

    /// <summary>A worker has started it; its timeout counts from now.</summary>
    public void Begin()
    {
        Begun = task.Flow.Services.Clock.GetUtcNow();
        if (task.Timeout is not null)
            post(() => { });
    }

    /// <summary>Clears the dispatch: the next worker starts the timeout anew.</summary>
    public void ResetDispatch() => (Link, DispatchId, NextUpdate, Begun) = (null, null, 0, null);

    /// <summary>Runs a note on the step's thread.</summary>
    public void Note(Action note) => post(note);

    /// <summary>Replays output on the step's thread.</summary>
    public void WriteOutput(IBodyMarshaler marshaler, byte[] written) => post(() => marshaler.WriteOutput(task, context, written));

    /// <summary>Ends it once; later calls are ignored.</summary>
    public void End(BodyEnd end, object? content)
    {
        if (TryEnd(end, content))
            ended();
    }

    /// <summary>Ends it because its worker died while it ran there alone.</summary>
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

    /// <summary>Ends it with an outcome that cannot be read.</summary>
    public void Fail(FlowException fault)
    {
        _fault = fault;
        End(BodyEnd.Failed, content: null);
    }

    /// <summary>Deletes its payloads from the store.</summary>
    public void DeletePayloads()
    {
        foreach (var location in new[] { Item.Location, OutcomeLocation }.OfType<string>())
            Packer.Delete(location);
    }

    public object? GetResult() => _fault is null ? BodyReport.Conclude(_end, _content, (error, detail) => pool.CreateException(task, error, detail)) : throw _fault;

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
