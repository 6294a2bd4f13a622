using System.Collections;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Wire;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Orleans.Steps;

/// <summary>Runs bodies in the workers of a cluster. What comes of them is the step's to decide and to record: a worker only runs them.</summary>
internal sealed class ClusterBodyPool : IBodyPool, IBodyPlaces, IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60); // by then an outcome is on record, at any durability that writes during a step

    private readonly FlowCluster _cluster;
    private readonly Flow _flow;
    private readonly IBodyCourier _courier;
    private readonly Action<string> _tell;
    private readonly OrderPacker _packer;
    private readonly Assignments _assignments;
    private readonly ClusterContact _contact;
    private readonly Outcomes _outcomes;
    private readonly BodySender _sender;
    private readonly WordOfWaiting _word = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Task _work;
    private volatile Action _wake = () => { };
    private volatile FlowException? _failure;

    /// <param name="cluster">The cluster.</param>
    /// <param name="flow">The flow that is run.</param>
    /// <param name="courier">Makes orders of bodies.</param>
    /// <param name="tell">Takes what is of interest to who looks for a fault; called from any thread.</param>
    public ClusterBodyPool(FlowCluster cluster, Flow flow, IBodyCourier courier, Action<string> tell)
    {
        (_cluster, _flow, _courier, _tell) = (cluster, flow, courier, tell);
        _packer = new(flow, cluster.IsEncrypted, courier);
        _assignments = new(_packer.Version);
        _contact = new(cluster, Take, tell);
        _outcomes = new(_contact, tell);
        _sender = new(_contact, _assignments, body => SendAgain(body, alone: false), tell, _end.Token);
        _work = Task.Run(WorkAsync);
    }

    public IBodyPlaces Places => this;

    /// <summary>Takes warnings for a person; to be set before the first body, and called on the step's own thread.</summary>
    public Action<string> Warn { get; set; } = _ => { };

    /// <summary>That the cluster has ended, and with it the step's time; null while it has not.</summary>
    public FlowException? Failure => _failure;

    public bool HasEnded => _failure is not null;

    public string KindOf(FlowTask task) => string.Join("\n", task.Tags.Select(tag => tag.ToUpperInvariant()));

    public bool HasPlaceFor(FlowTask task) => _assignments.HasPlaceFor(task);

    public void NoteWaiting(FlowTask task)
    {
        if (_assignments.ReasonAgainst(task) is not { } reason)
        {
            _word.Reset();
            return;
        }

        if (!_word.IsDue())
            return;
        var detail = _contact.Fault is { } fault ? $" ({fault})" : string.Empty;
        Warn($"Task '{task.Slug}' of flow '{_flow.Name}' waits for a worker of the cluster '{_cluster}': {reason}{detail}. The step continues to wait until its budget ends. Start a worker with Start-FlowWorker and the same script.");
    }

    public void WakeBy(Action wake) => _wake = wake;

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var body = new RemoteBody(this, task, context, post, ended) { Item = _packer.Pack(task, context, arguments), Parcels = _packer.ParcelsOf(context) };
        if (_assignments.TryAdd(body))
            _signal.Release();
        else
            body.End(BodyEnd.Stopped, content: null);
        return body;
    }

    /// <summary>Stops a body.</summary>
    public void Stop(RemoteBody body)
    {
        if (_assignments.Withdraw(body) is ({ } link, { } delivery))
            _ = _contact.TryAsync(gate => gate.Stop(link.Silo, delivery));
        else
            body.End(BodyEnd.Stopped, content: null);
    }

    /// <summary>What came of a body is the step's own now.</summary>
    public void Forget(RemoteBody body)
    {
        _assignments.Withdraw(body);
        _outcomes.NoteKnown(body);
    }

    /// <summary>The exception of what failed in a body.</summary>
    public Exception FailureOf(FlowTask task, TaskError error, Hashtable? detail) => _courier.FailureOf(task, error, detail);

    /// <summary>What the step knows of outcomes is on record, and the workers need not keep them.</summary>
    public void AcknowledgeAll() => _ = _outcomes.AcknowledgeAsync(TimeSpan.Zero).Wait(Farewell);

    public void Dispose()
    {
        _end.Cancel();
        _work.Wait(Farewell);
        _contact.DisposeAsync().AsTask().Wait(Farewell);
    }

    private async Task WorkAsync()
    {
        var (nextLook, look, ask) = (0L, Task.CompletedTask, Task.CompletedTask);
        while (!_end.IsCancellationRequested)
        {
            if (!_contact.IsConnected)
                await _contact.ConnectAsync(_end.Token);
            if (_contact.IsConnected)
            {
                if (Environment.TickCount64 >= nextLook && look.IsCompleted)
                {
                    look = LookAsync(); // which may take its time, where the worker that is asked is out of reach
                    nextLook = Environment.TickCount64 + (long)LookInterval.TotalMilliseconds;
                }

                if (ask.IsCompleted)
                    ask = Task.WhenAll(_assignments.FindUnasked().Select(AskAsync));
                foreach (var assignment in _assignments.Next())
                    _ = _sender.BringAsync(assignment);
            }

            await PauseAsync(_contact.IsConnected ? TimeSpan.FromMilliseconds(Math.Max(nextLook - Environment.TickCount64, 50)) : LookInterval);
        }
    }

    // One look at what there is to do serves all who asked for one.
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

    private async Task LookAsync()
    {
        if (await _contact.LookAsync() is not { } seen)
        {
            if (await _contact.HasEndedAsync(_end.Token))
                EndCluster();
            return;
        }

        foreach (var (link, lost) in _assignments.See(seen))
            Lose(link, lost);
        // What no worker takes any more, since the one that it was sent to is gone, waits as what was never sent does.
        if (_assignments.FindStranded() is { } stranded)
            stranded.Note(() => NoteWaiting(stranded.Task));
        _signal.Release();
        _wake();
        await _outcomes.AcknowledgeAsync(Kept);
    }

    private async Task AskAsync(WorkerLink link)
    {
        Claim[]? claims = null;
        await _contact.TryAsync(async gate => claims = await gate.ClaimsOf(link.Silo, _assignments.Incarnation!));
        _assignments.NoteClaims(link, claims);
        _signal.Release();
    }

    private void EndCluster()
    {
        _failure = ClusterErrors.Ended(_cluster);
        foreach (var body in _assignments.Close())
            body.End(BodyEnd.Stopped, content: null);
        _wake();
    }

    // The cluster has declared a worker dead, or it has left: what it had is sent elsewhere. Who was there alone is to blame.
    private void Lose(WorkerLink link, RemoteBody[] lost)
    {
        _tell($"Worker {link} has left the cluster '{_cluster}'{(lost.Length == 0 ? string.Empty : $", with {lost.Length} bodies of this step")}.");
        foreach (var body in lost)
        {
            if (body.IsStopping)
                body.End(BodyEnd.Stopped, content: null);
            else if (body.IsAlone)
                body.Lose(new(link.Profile!.Machine));
            else
                SendAgain(body, alone: true);
        }
    }

    private void SendAgain(RemoteBody body, bool alone)
    {
        _assignments.AddAgain(body, alone);
        _signal.Release();
    }

    // What a worker says of a body that is another's by now is a late answer, and counts no more.
    private void Take(Told[] told)
    {
        foreach (var each in told)
        {
            if (_assignments.Find(each) is not { } body)
                continue;
            if (each is { End: null, Content: null })
                body.Begin();
            else if (each.End is null)
                body.Deliver(_courier, each.Content!);
            else if (each.End is BodyEnd.GivenBack or BodyEnd.Stopped && !body.IsStopping)
                SendAgain(body, alone: false);
            else
                _outcomes.End(body, each);
        }

        _signal.Release();
        _wake();
    }
}
