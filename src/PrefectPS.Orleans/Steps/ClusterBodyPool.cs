using System.Security.Cryptography;
using PrefectPS.Cluster;
using PrefectPS.Flows;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Wire;
using PrefectPS.Results;
using PrefectPS.Running;

namespace PrefectPS.Orleans.Steps;

/// <summary>Runs bodies in the workers of a cluster. What comes of them is the step's to decide and to record: a worker only runs them.</summary>
internal sealed class ClusterBodyPool : IBodyPool, IBodyPlaces, IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SilenceBeforeWord = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WordInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(60); // by then an outcome is on record, at any durability that writes during a step

    private readonly object _gate = new();
    private readonly FlowCluster _cluster;
    private readonly Flow _flow;
    private readonly FlowVersion _version;
    private readonly Action<string> _tell;
    private readonly IMembership _membership;
    private readonly WorkerList _workers;
    private readonly LinkedList<RemoteBody> _waiting = [];
    private readonly Dictionary<string, RemoteBody> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (WorkerLink Link, string Delivery)> _claims = new(StringComparer.Ordinal);
    private readonly List<(RemoteBody Body, long At)> _known = [];
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Task _work;
    private Action _wake = () => { };
    private ClusterClient? _client;
    private ICoordinator? _self;
    private string? _incarnation;
    private string? _lastFault;
    private long _silentSince = Environment.TickCount64;
    private long? _nextWord;
    private FlowException? _ended;

    /// <param name="cluster">The cluster.</param>
    /// <param name="flow">The flow that is run.</param>
    /// <param name="courier">Makes orders of bodies.</param>
    /// <param name="tell">Takes what is of interest to who looks for a fault; called from any thread.</param>
    public ClusterBodyPool(FlowCluster cluster, Flow flow, IBodyCourier courier, Action<string> tell)
    {
        _cluster = cluster;
        _flow = flow;
        _version = new(flow.Name, flow.Freeze().Fingerprint);
        Courier = courier;
        _tell = tell;
        _membership = Memberships.Of(cluster);
        _workers = new(_version);
        _work = Task.Run(WorkAsync);
    }

    public IBodyPlaces Places => this;

    /// <summary>Makes orders of bodies.</summary>
    public IBodyCourier Courier { get; }

    /// <summary>Takes warnings for a person; to be set before the first body, and called on the step's own thread.</summary>
    public Action<string> Warn { get; set; } = _ => { };

    /// <summary>That the cluster has ended, and with it the step's time; null while it has not.</summary>
    public FlowException? Failure
    {
        get
        {
            lock (_gate)
                return _ended;
        }
    }

    public bool HasEnded => Failure is not null;

    public string KindOf(FlowTask task) => string.Join("\n", task.Tags.Select(tag => tag.ToUpperInvariant()));

    public bool HasPlaceFor(FlowTask task)
    {
        lock (_gate)
            return _workers.HasPlaceFor(task, _waiting);
    }

    public void NoteWaiting(FlowTask task)
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            if (_workers.ReasonAgainst(task) is not { } reason)
            {
                _nextWord = null;
                return;
            }

            _nextWord ??= now + (long)SilenceBeforeWord.TotalMilliseconds;
            if (now < _nextWord)
                return;
            _nextWord = now + (long)WordInterval.TotalMilliseconds;
            var detail = _client is null && _lastFault is { } fault ? $" ({fault})" : string.Empty;
            Warn($"Task '{task.Slug}' of flow '{_flow.Name}' waits for a worker of the cluster '{_cluster}': {reason}{detail}. The step goes on waiting until its budget ends. Start-FlowWorker starts one, with the same script.");
        }
    }

    public void WakeBy(Action wake)
    {
        lock (_gate)
            _wake = wake;
    }

    public IBodyRun Start(FlowTask task, FlowContext context, TaskArguments arguments, Action<Action> post, Action ended)
    {
        var place = context.Record is { } record ? $"{record.Results}cluster/" : null;
        var order = Courier.OrderOf(task, context, arguments, place);
        var parcels = new Parcels(_flow.Services, place is null ? null : _flow.Store, _cluster.IsEncrypted, FileCopies.OfProcess);
        var parcel = Pack(task, order, parcels, $"{place}orders/{Guid.NewGuid():n}.json");
        var body = new RemoteBody(this, task, context, post, ended)
        {
            Parcels = parcels,
            Item = new(
                Delivery: string.Empty, context.Record?.Incarnation, KeyOf(order, context), _version.Name, _version.Fingerprint,
                context.Output?.Label ?? task.Slug, parcel.Content, parcel.Location, Alone: false),
        };
        lock (_gate)
        {
            _incarnation ??= context.Record?.Incarnation;
            if (_ended is null)
                _waiting.AddLast(body);
        }

        if (HasEnded)
            body.End(BodyEnd.Stopped, content: null);
        _signal.Release();
        return body;
    }

    /// <summary>Stops a body.</summary>
    public void Stop(RemoteBody body)
    {
        WorkerLink? link;
        string? delivery;
        bool wasWaiting;
        lock (_gate)
        {
            wasWaiting = _waiting.Remove(body);
            (link, delivery) = (body.Link, body.Delivery);
        }

        if (wasWaiting || link is null)
            body.End(BodyEnd.Stopped, content: null);
        else if (_client is { } client)
            _ = TryAsync(() => client.Gate.Stop(link.Silo, delivery!));
    }

    /// <summary>What came of a body is the step's own now.</summary>
    public void Forget(RemoteBody body)
    {
        lock (_gate)
        {
            _waiting.Remove(body);
            foreach (var link in _workers.All.Where(link => link.WaitsFor == body))
                link.WaitsFor = null;
            _known.Add((body, Environment.TickCount64));
        }
    }

    /// <summary>What the step knows of outcomes is on record, and the workers need not keep them.</summary>
    public void AcknowledgeAll() => _ = AcknowledgeAsync(TimeSpan.Zero).Wait(Farewell);

    public void Dispose()
    {
        _end.Cancel();
        _signal.Release();
        _work.Wait(Farewell);
        _client?.DisposeAsync().AsTask().Wait(Farewell);
    }

    private Parcel Pack(FlowTask task, BodyOrder order, Parcels parcels, string location)
    {
        try
        {
            return parcels.Pack(order.ToTable(hidesSecrets: !_cluster.IsEncrypted), location, isSecret: false);
        }
        catch (FlowException e) when (e.Id == FlowErrorId.ResultInvalid)
        {
            throw Courier.Explain(order, task, e);
        }
    }

    private string? KeyOf(BodyOrder order, FlowContext context)
    {
        if (context.Record is null)
            return null;
        try
        {
            return $"{context.Output?.Label}\n{context.RunCount}\n{Convert.ToHexString(SHA256.HashData(order.ContentToCompare(_flow.Services.Values)))}";
        }
        catch (FlowException)
        {
            return null; // a secret in it, for example
        }
    }

    private async Task WorkAsync()
    {
        var (nextLook, look, ask) = (0L, Task.CompletedTask, Task.CompletedTask);
        while (!_end.IsCancellationRequested)
        {
            if (_client is null)
            {
                await ConnectAsync();
            }
            else if (Environment.TickCount64 >= nextLook && look.IsCompleted)
            {
                look = LookAsync(); // which may take its time, where the worker that is asked is out of reach
                nextLook = Environment.TickCount64 + (long)LookInterval.TotalMilliseconds;
            }

            if (ask.IsCompleted)
                ask = AskAllAsync();
            Dispatch();
            try
            {
                await _signal.WaitAsync(_client is null ? LookInterval : TimeSpan.FromMilliseconds(Math.Max(nextLook - Environment.TickCount64, 50)), _end.Token);
                while (_signal.Wait(0))
                {
                    // One look at what there is to do serves all who asked for one.
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync()
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            var client = await ClusterClient.ConnectAsync(_cluster, _membership, _tell, patience.Token);
            var self = new Coordinator(Take);
            _kept = self;
            _self = client.ReferenceTo(self);
            _client = client;
            _signal.Release();
        }
        catch (Exception e)
        {
            lock (_gate)
                _lastFault = ClusterErrors.Innermost(e);
            _tell($"The cluster '{_cluster}' is not to be reached: {_lastFault}");
        }
    }

    private Coordinator? _kept; // a reference to it does not keep it

    private async Task LookAsync()
    {
        ClusterSeen seen;
        try
        {
            seen = await _client!.LookAsync();
            _silentSince = Environment.TickCount64;
        }
        catch (Exception e)
        {
            _tell($"The cluster '{_cluster}' does not answer: {ClusterErrors.Innermost(e)}");
            var isSilent = Environment.TickCount64 - _silentSince > _cluster.FailureTimeout.TotalMilliseconds;
            if (isSilent && _membership.EndsWithFirstWorker && await _membership.HasEndedAsync(_end.Token))
                EndCluster();
            return;
        }

        List<WorkerLink> gone;
        lock (_gate)
            gone = _workers.See(seen);
        foreach (var link in gone)
            Lose(link);
        NoteStranded();
        _signal.Release();
        _wake();
        await AcknowledgeAsync(Kept);
    }

    // What no worker takes any more, since the one that it was sent to is gone, waits as what was never sent does.
    private void NoteStranded()
    {
        lock (_gate)
        {
            if (_waiting.FirstOrDefault(body => _workers.ReasonAgainst(body.Task) is not null) is { } stranded)
                stranded.Note(() => NoteWaiting(stranded.Task));
        }
    }

    private Task AskAllAsync()
    {
        WorkerLink[] unasked;
        lock (_gate)
            unasked = _incarnation is null ? [] : [.. _workers.All.Where(link => !link.WasAsked && link.Profile is not null)];
        return Task.WhenAll(unasked.Select(AskAsync));
    }

    private async Task AskAsync(WorkerLink link)
    {
        Claim[]? claims = null;
        await TryAsync(async () => claims = await _client!.Gate.ClaimsOf(link.Silo, _incarnation!));
        lock (_gate)
        {
            link.HasFailedToSay = claims is null;
            link.WasAsked = claims is not null;
            if (claims is null)
                return;
            foreach (var claim in claims)
                _claims.TryAdd(claim.Key, (link, claim.Delivery));
        }

        _signal.Release();
    }

    private void EndCluster()
    {
        RemoteBody[] all;
        lock (_gate)
        {
            _ended ??= ClusterErrors.Ended(_cluster);
            all = [.. _sent.Values, .. _waiting];
            _sent.Clear();
            _waiting.Clear();
        }

        foreach (var body in all)
            body.End(BodyEnd.Stopped, content: null);
        _wake();
    }

    // The cluster has declared a worker dead, or it has left: what it had is sent elsewhere. Who was there alone is to blame.
    private void Lose(WorkerLink link)
    {
        RemoteBody[] lost;
        lock (_gate)
        {
            lost = [.. link.Mine];
            link.Mine.Clear();
            foreach (var claim in _claims.Where(claim => claim.Value.Link == link).ToArray())
                _claims.Remove(claim.Key);
            foreach (var body in lost)
                _sent.Remove(body.Delivery!);
        }

        _tell($"Worker {link} is gone from the cluster '{_cluster}'{(lost.Length == 0 ? string.Empty : $", with {lost.Length} bodies of this step")}.");
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
        lock (_gate)
        {
            if (body.HasEnded)
                return;
            body.SetUnsent();
            body.IsAlone |= alone || body.Context.IsSuspect;
            _waiting.AddFirst(body);
        }

        _signal.Release();
    }

    private void Dispatch()
    {
        if (_client is null)
            return;
        List<(RemoteBody Body, WorkerLink Link, string? Claimed)> chosen = [];
        lock (_gate)
        {
            if (_incarnation is not null && _workers.All.Any(link => link is { Profile: not null, WasAsked: false, HasFailedToSay: false }))
                return;
            for (var node = _waiting.First; node is not null;)
            {
                var (next, body) = (node.Next, node.Value);
                if (Choose(body) is { } choice)
                {
                    _waiting.Remove(node);
                    Assign(body, choice.Link, choice.Claimed ?? Guid.NewGuid().ToString("n"));
                    chosen.Add((body, choice.Link, choice.Claimed));
                }

                node = next;
            }
        }

        foreach (var (body, link, claimed) in chosen)
            _ = claimed is null ? SendAsync(body, link) : AdoptAsync(body, link);
    }

    private (WorkerLink Link, string? Claimed)? Choose(RemoteBody body)
    {
        if (body.Item.Key is { } key && _claims.Remove(key, out var claim))
            return (claim.Link, claim.Delivery);
        return (body.IsAlone ? _workers.IdleFor(body) : _workers.FreeFor(body.Task)) is { } link ? (link, null) : null;
    }

    private void Assign(RemoteBody body, WorkerLink link, string delivery)
    {
        (body.Link, body.Delivery) = (link, delivery);
        link.Mine.Add(body);
        if (link.WaitsFor == body)
            link.WaitsFor = null;
        _sent[delivery] = body;
    }

    // It may have been taken though no answer came: then the same is sent once more, until there is one, or the worker is gone.
    private async Task SendAsync(RemoteBody body, WorkerLink link)
    {
        var delivery = body.Delivery!;
        var item = body.Item with { Delivery = delivery, Alone = body.IsAlone };
        while (IsAssigned(body, delivery))
        {
            try
            {
                var answer = await _client!.Gate.Take(link.Silo, item, _self!);
                Settle(body, link, delivery, answer);
                return;
            }
            catch (Exception e) when (!_end.IsCancellationRequested)
            {
                _tell($"Worker {link} does not answer: {ClusterErrors.Innermost(e)}");
                await Task.Delay(LookInterval / 4);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private bool IsAssigned(RemoteBody body, string delivery)
    {
        lock (_gate)
            return _sent.TryGetValue(delivery, out var sent) && sent == body && !_end.IsCancellationRequested;
    }

    private void Settle(RemoteBody body, WorkerLink link, string delivery, Answer answer)
    {
        if (answer.Kind == AnswerKind.Taken)
        {
            if (!IsAssigned(body, delivery))
                return; // it has ended there by now, or was given back
            body.Begin();
            if (body.IsStopping && _client is { } client)
                _ = TryAsync(() => client.Gate.Stop(link.Silo, delivery));
            return;
        }

        lock (_gate)
        {
            if (body.Delivery != delivery)
                return;
            Unassign(body);
            if (answer.Kind == AnswerKind.Full)
                link.SetFull();
            else
                link.Refusal = $"{link} refuses it: {answer.Reason}";
        }

        if (body.IsStopping)
            body.End(BodyEnd.Stopped, content: null);
        else
            SendAgain(body, alone: false);
    }

    private void Unassign(RemoteBody body)
    {
        body.Link?.Mine.Remove(body);
        _sent.Remove(body.Delivery!);
    }

    private async Task AdoptAsync(RemoteBody body, WorkerLink link)
    {
        var delivery = body.Delivery!;
        var has = false;
        await TryAsync(async () => has = await _client!.Gate.Adopt(link.Silo, delivery, _self!));
        if (has)
        {
            body.IsAlone = false; // it was not sent so
            _tell($"Worker {link} has '{body.Item.Label}' from an earlier step: what comes of it counts.");
            body.Begin();
            return;
        }

        lock (_gate)
        {
            if (body.Delivery != delivery)
                return;
            Unassign(body);
        }

        SendAgain(body, alone: false);
    }

    // What a worker says of a body that is another's by now is a late answer, and counts no more.
    private void Take(Told[] told)
    {
        foreach (var each in told)
        {
            RemoteBody? body;
            lock (_gate)
            {
                if (!_sent.TryGetValue(each.Delivery, out body) || (each.Number < body.Told && each.End is null))
                    continue;
                body.Told = each.Number + 1;
                if (each.End is not null)
                    Unassign(body);
            }

            if (each.End is not { } end)
                body.Deliver(Courier, each.Content!);
            else if (end is BodyEnd.GivenBack or BodyEnd.Stopped && !body.IsStopping)
                SendAgain(body, alone: false);
            else
                End(body, end, new(each.Content, each.Location));
        }

        _signal.Release();
        _wake();
    }

    private void End(RemoteBody body, BodyEnd end, Parcel parcel)
    {
        if (end is BodyEnd.Stopped or BodyEnd.GivenBack || parcel is { Content: null, Location: null })
        {
            body.End(end is BodyEnd.GivenBack ? BodyEnd.Stopped : end, content: null);
            return;
        }

        body.OutcomeLocation = parcel.Location;
        if (parcel.Content is null)
            _ = Task.Run(() => Open(body, end, parcel));
        else
            Open(body, end, parcel);
    }

    private void Open(RemoteBody body, BodyEnd end, Parcel parcel)
    {
        try
        {
            body.End(end, body.Parcels.Open(parcel));
        }
        catch (FlowException e) when (e.Id != FlowErrorId.StoreFailed)
        {
            body.Fail(e);
        }
        catch (Exception e)
        {
            _tell($"What came of '{body.Item.Label}' cannot be read, and its worker keeps it for the next step: {e.Message}");
            body.End(BodyEnd.Stopped, content: null);
        }
    }

    private async Task AcknowledgeAsync(TimeSpan age)
    {
        List<RemoteBody> known;
        lock (_gate)
        {
            var until = Environment.TickCount64 - (long)age.TotalMilliseconds;
            known = [.. _known.Where(each => each.At <= until).Select(each => each.Body)];
            if (known.Count == 0)
                return;
            _known.RemoveAll(each => each.At <= until);
        }

        if (_client is { } client)
            await Task.WhenAll(known.GroupBy(body => body.Link).Where(group => group.Key is not null)
                .Select(group => TryAsync(() => client.Gate.Acknowledge(group.Key!.Silo, [.. group.Select(body => body.Delivery!)]))));
        foreach (var body in known)
            body.DeleteParcels();
    }

    private async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e)
        {
            _tell($"A worker of the cluster '{_cluster}' does not answer: {ClusterErrors.Innermost(e)}");
        }
    }
}
