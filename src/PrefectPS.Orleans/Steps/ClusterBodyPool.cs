using System.Collections;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Orleans.Steps;

/// <summary>Runs bodies on the workers of a cluster. Workers only execute; the step decides on outcomes and records them.</summary>
public sealed class ClusterBodyPool : IBodyPool, IBodyPlaces, IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcknowledgeDelay = TimeSpan.FromSeconds(60); // by then an outcome is on record at any durability

    private readonly FlowCluster _cluster;
    private readonly Flow _flow;
    private readonly IBodyMarshaler _marshaler;
    private readonly Action<string> _log;
    private readonly WorkItemFactory _workItems;
    private readonly Assignments _assignments;
    private readonly ClusterConnection _connection;
    private readonly Outcomes _outcomes;
    private readonly BodySender _sender;
    private readonly WaitWarning _waitWarning = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Task _work;
    private volatile Action _wake = () => { };
    private volatile FlowException? _failure;

    /// <param name="cluster">The cluster.</param>
    /// <param name="flow">The flow that is run.</param>
    /// <param name="marshaler">Marshals bodies and their output.</param>
    /// <param name="log">Receives diagnostics, from any thread.</param>
    public ClusterBodyPool(FlowCluster cluster, Flow flow, IBodyMarshaler marshaler, Action<string> log)
    {
        (_cluster, _flow, _marshaler, _log) = (cluster, flow, marshaler, log);
        _workItems = new(flow, cluster.IsEncrypted, marshaler);
        _assignments = new(_workItems.Version);
        _connection = new(cluster, ApplyUpdates, log);
        _outcomes = new(_connection, log);
        _sender = new(_connection, _assignments, body => Requeue(body, alone: false), log, _end.Token);
        _work = Task.Run(WorkAsync);
    }

    /// <inheritdoc/>
    public IBodyPlaces Places => this;

    /// <summary>Receives warnings for a person, on the step's thread; set before the first body.</summary>
    public Action<string> Warn { get; set; } = _ => { };

    /// <summary>The error that the cluster has ended, which ends the step; null otherwise.</summary>
    public FlowException? Failure => _failure;

    /// <inheritdoc/>
    public bool HasEnded => _failure is not null;

    /// <inheritdoc/>
    public string KindOf(FlowTask task) => string.Join("\n", task.Tags.Select(tag => tag.ToUpperInvariant()));

    /// <inheritdoc/>
    public bool HasPlaceFor(FlowTask task) => _assignments.HasPlaceFor(task);

    /// <inheritdoc/>
    public void NoteWaiting(FlowTask task)
    {
        if (_assignments.ReasonAgainst(task) is not { } reason)
        {
            _waitWarning.Reset();
            return;
        }

        if (!_waitWarning.IsDue())
            return;
        var detail = _connection.Fault is { } fault ? $" ({fault})" : string.Empty;
        Warn($"Task '{task.Slug}' of flow '{_flow.Name}' waits for a worker of the cluster '{_cluster}': {reason}{detail}. The step continues to wait until its budget ends. Start a worker with Start-FlowWorker and the same script.");
    }

    /// <inheritdoc/>
    public void WakeBy(Action wake) => _wake = wake;

    /// <inheritdoc/>
    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var body = new RemoteBody(this, task, context, post, ended) { Item = _workItems.Pack(task, context, arguments), Packer = _workItems.PackerFor(context) };
        if (_assignments.TryAdd(body))
            _signal.Release();
        else
            body.End(BodyEnd.Stopped, content: null);
        return body;
    }

    /// <summary>Stops a body.</summary>
    internal void Stop(RemoteBody body)
    {
        if (_assignments.Withdraw(body) is ({ } link, { } dispatchId))
            _ = _connection.TryAsync(router => router.Stop(link.Silo, dispatchId));
        else
            body.End(BodyEnd.Stopped, content: null);
    }

    /// <summary>The step has taken over the outcome of a body.</summary>
    internal void Forget(RemoteBody body)
    {
        _assignments.Withdraw(body);
        _outcomes.NoteKnown(body);
    }

    /// <summary>Creates the exception of a failed body.</summary>
    public Exception CreateException(FlowTask task, TaskError error, Hashtable? detail) => _marshaler.CreateException(task, error, detail);

    /// <summary>Tells the workers that all known outcomes are on record and need not be kept.</summary>
    public void AcknowledgeAll() => _ = _outcomes.AcknowledgeAsync(TimeSpan.Zero).Wait(ShutdownTimeout);

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _work.Wait(ShutdownTimeout);
        _connection.DisposeAsync().AsTask().Wait(ShutdownTimeout);
    }

    private async Task WorkAsync()
    {
        var (nextRefresh, refresh, loadClaims) = (0L, Task.CompletedTask, Task.CompletedTask);
        while (!_end.IsCancellationRequested)
        {
            if (!_connection.IsConnected)
                await _connection.ConnectAsync(_end.Token);
            if (_connection.IsConnected)
            {
                if (Environment.TickCount64 >= nextRefresh && refresh.IsCompleted)
                {
                    refresh = RefreshAsync(); // may take long where the asked worker is unreachable
                    nextRefresh = Environment.TickCount64 + (long)RefreshInterval.TotalMilliseconds;
                }

                if (loadClaims.IsCompleted)
                    loadClaims = Task.WhenAll(_assignments.FindWithoutClaims().Select(LoadClaimsAsync));
                foreach (var assignment in _assignments.Next())
                    _ = _sender.DispatchAsync(assignment);
            }

            await PauseAsync(_connection.IsConnected ? TimeSpan.FromMilliseconds(Math.Max(nextRefresh - Environment.TickCount64, 50)) : RefreshInterval);
        }
    }

    // One pass serves all pending signals.
    private async Task PauseAsync(TimeSpan most)
    {
        try
        {
            await _signal.WaitAsync(most, _end.Token);
            while (_signal.Wait(0))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The step ends.
        }
    }

    private async Task RefreshAsync()
    {
        if (await _connection.GetViewAsync() is not { } seen)
        {
            if (await _connection.HasEndedAsync(_end.Token))
                EndCluster();
            return;
        }

        foreach (var (link, lost) in _assignments.See(seen))
            Lose(link, lost);
        // A body that no worker can run any more, its own being gone, is reported like one never dispatched.
        if (_assignments.FindStranded() is { } stranded)
            stranded.Note(() => NoteWaiting(stranded.Task));
        _signal.Release();
        _wake();
        await _outcomes.AcknowledgeAsync(AcknowledgeDelay);
    }

    private async Task LoadClaimsAsync(WorkerLink link)
    {
        Claim[]? claims = null;
        await _connection.TryAsync(async router => claims = await router.GetClaims(link.Silo, _assignments.Incarnation!));
        _assignments.SetClaims(link, claims);
        _signal.Release();
    }

    private void EndCluster()
    {
        _failure = ClusterErrors.Ended(_cluster);
        foreach (var body in _assignments.Close())
            body.End(BodyEnd.Stopped, content: null);
        _wake();
    }

    // A worker died or left: its bodies are dispatched again. A body that was alone there is blamed for the death.
    private void Lose(WorkerLink link, RemoteBody[] lost)
    {
        _log($"Worker {link} has left the cluster '{_cluster}'{(lost.Length == 0 ? string.Empty : $", with {lost.Length} bodies of this step")}.");
        foreach (var body in lost)
        {
            if (body.IsStopping)
                body.End(BodyEnd.Stopped, content: null);
            else if (body.IsAlone)
                body.Lose(new(link.Profile!.Machine));
            else
                Requeue(body, alone: true);
        }
    }

    private void Requeue(RemoteBody body, bool alone)
    {
        _assignments.Requeue(body, alone);
        _signal.Release();
    }

    // Updates on a body that was reassigned are late, and ignored.
    private void ApplyUpdates(BodyUpdate[] updates)
    {
        foreach (var each in updates)
        {
            if (_assignments.Find(each) is not { } body)
                continue;
            if (each is { End: null, Content: null })
                body.Begin();
            else if (each.End is null)
                body.WriteOutput(_marshaler, each.Content!);
            else if (each.End is BodyEnd.Evicted or BodyEnd.Stopped && !body.IsStopping)
                Requeue(body, alone: false);
            else
                _outcomes.End(body, each);
        }

        _signal.Release();
        _wake();
    }
}
