using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Runs;

/// <summary>Sends a control request to a recorded run and gets it applied: by the step that works on the run or, if there is none, by itself.</summary>
/// <param name="files">The store.</param>
/// <param name="folder">The run.</param>
/// <param name="flow">The run's flow; null if only its name is known.</param>
/// <param name="services">Clock and sleep.</param>
public sealed class RequestSender(RunFiles files, RunFolder folder, Flow? flow, FlowServices services)
{
    // A crashed holder is detected by taking its lease, which costs several requests.
    private static readonly TimeSpan TakeInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LocalInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RemoteInterval = TimeSpan.FromSeconds(1);
    private static long _lastTicks;

    private IncarnationFolder _incarnation = null!;
    private Inbox _inbox = null!;

    /// <summary>Whether the step that holds a run's lease is in this process.</summary>
    internal Func<RunFiles, string, bool> IsOwnStep { get; init; } = Lease.IsOwn;

    /// <summary>The incarnation that the run must have; null for any.</summary>
    internal string? Incarnation { get; init; }

    /// <summary>Time stamp of a new request: unique and ascending within a process.</summary>
    public static DateTimeOffset Stamp(TimeProvider clock)
    {
        while (true)
        {
            var last = Interlocked.Read(ref _lastTicks);
            var next = Math.Max(clock.GetUtcNow().UtcTicks, last + 1);
            if (Interlocked.CompareExchange(ref _lastTicks, next, last) == last)
                return new(next, TimeSpan.Zero);
        }
    }

    /// <summary>True if a run has no pending requests.</summary>
    /// <exception cref="FlowException">As for <see cref="ExistingRun.Find(RunFiles, RunFolder, Results.IValueAdapter?)"/>.</exception>
    public static bool HasNothingPending(RunFiles files, RunFolder folder) => ExistingRun.Find(files, folder) is not { } run || files.List(run.Folder.Inbox).Count == 0;

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request. Sent again with the same id, it is applied once.</param>
    /// <param name="timeout">
    /// How long to wait until it is applied; null to return at once. An undo without the flow is not awaited: the flow's next step applies it.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait; the request stays.</param>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.RequestPending"/>: it was not applied in time; whoever works on the run next applies it. <see
    /// cref="FlowErrorId.RunNotFound"/>. <see cref="FlowErrorId.StoreFailed"/>.
    /// </exception>
    public RequestOutcome Send(ControlRequest request, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var path = Put(request);
        if (request.Kind == RequestKind.Undo && flow is null)
        {
            using var session = Open();
            session?.Reopen();
            return new(null, request.Id);
        }

        if (timeout is not { } patience || IsOwnStep(files, folder.Lease))
            return new(null, request.Id);
        var begun = services.Clock.GetUtcNow();
        DateTimeOffset? tried = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.VersionOf(path) is null)
                return new(ReadApplied(request), request.Id);
            var now = services.Clock.GetUtcNow();
            if (tried is null || now - tried >= TakeInterval || files.VersionOf(folder.Lease) is null)
            {
                tried = now;
                if (TryApply(request) is { } run)
                    return new(run, request.Id);
            }

            if (now - begun >= patience)
                throw FlowErrors.RequestPending(folder, request);
            services.Sleep(files.Store is ILocalStore ? LocalInterval : RemoteInterval, cancellationToken);
        }
    }

    // If the run was removed while the request was written, and perhaps created again, the request is an orphan.
    private string Put(ControlRequest request)
    {
        var run = ExistingRun.Find(files, folder) ?? throw FlowErrors.RunNotFound(files.Store.Name, folder.RunId);
        if (Incarnation is not null && Incarnation != run.Head.Incarnation)
            throw FlowErrors.RunNotFound(files.Store.Name, folder.RunId);
        _incarnation = run.Folder;
        _inbox = new(files, run.Folder, services.Values);
        var path = _inbox.PathOf(request);
        files.TryWriteOwn(path, _inbox.Write(request), seen: null); // an existing one is the same
        if (RunHead.IsOf(files, run.Folder))
            return path;
        files.TryDelete([path]);
        throw FlowErrors.RunNotFound(files.Store.Name, folder.RunId);
    }

    private FlowState? TryApply(ControlRequest request)
    {
        using var session = Open();
        if (session is null)
            return null;
        if (session.Stored is not { Run: var run } || session.Incarnation.Incarnation != _incarnation.Incarnation)
            throw FlowErrors.RunNotFound(files.Store.Name, folder.RunId);
        if (!run.Identity.Control.Knows(request.Id))
            return null;
        session.SettleSummary();
        return run;
    }

    // If the first step died before its first record, nothing is known without the flow: its next step applies the request.
    private RunSession? Open()
    {
        if (flow is not null)
            return RunSession.TryOpenForRequests(files, folder, flow, isOutline: false);
        var run = ExistingRun.Find(files, folder) ?? throw FlowErrors.RunNotFound(files.Store.Name, folder.RunId);
        return OutlinedRun.Define(run, files.Store, services) is { } outline ? RunSession.TryOpenForRequests(files, folder, outline, isOutline: true) : null;
    }

    // A request is deleted once recorded, or with the run.
    private FlowState ReadApplied(ControlRequest request)
    {
        var run = flow is not null ? StoredRun.Find(files, folder, flow)?.Run : OutlinedRun.Read(files.Store, folder.Flow, folder.RunId, services);
        return run?.Identity.Control.Knows(request.Id) == true ? run : throw FlowErrors.RunNotFound(files.Store.Name, folder.RunId);
    }
}
