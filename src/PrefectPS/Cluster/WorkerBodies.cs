using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Tasks;

namespace PrefectPS.Cluster;

/// <summary>Runs bodies of the worker's flows in separate runspaces.</summary>
internal sealed class WorkerBodies : IBodyHost, IDisposable
{
    private static readonly TimeSpan AfterLimit = TimeSpan.FromSeconds(30); // by then, the step has stopped the body or is gone

    private readonly ConcurrentDictionary<FlowVersion, Flow> _flows = new();
    private readonly ConcurrentDictionary<Flow, RunspaceBodies> _bodies = new();
    private readonly ConcurrentQueue<(string Text, bool IsDetail)> _told = new();
    private readonly AutoResetEvent _toldMore = new(initialState: false);
    private readonly PSCmdlet _session;
    private readonly FlowCluster _cluster;
    private readonly string _home;
    private volatile WorkerProfile _profile;
    private bool _isDisposed;

    /// <param name="session">The worker cmdlet.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="places">How many bodies can run at the same time.</param>
    /// <param name="tags">The tags that it serves.</param>
    public WorkerBodies(PSCmdlet session, FlowCluster cluster, int places, IReadOnlyList<string> tags)
    {
        _session = session;
        _cluster = cluster;
        _home = session.SessionState.Path.CurrentFileSystemLocation.Path;
        _profile = new(Environment.MachineName, Environment.ProcessId, [], tags, places, TimeProvider.System.GetUtcNow());
    }

    public WorkerProfile Profile => _profile;

    /// <summary>Accepts bodies of another flow and its subflows. Runs its setup first, so that a failing setup fails before any body.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.SetupFailed"/>.</exception>
    public void Add(Flow root, ITaskStreams streams, Action<ProgressRecord> progress, CancellationToken stop)
    {
        if (_bodies.ContainsKey(root))
            return;
        var bodies = new RunspaceBodies(_session, ScriptSettings.Of(root).Setup);
        _ = bodies.Surroundings;
        _bodies[root] = bodies;
        var all = root.WithSubflows().ToArray();
        if (Array.Exists(all, flow => ScriptSettings.Of(flow).Setup is not null))
        {
            var needed = all.Where(flow => flow.Tasks.Any(task => task.Body is not null)).Select(flow => ScriptSettings.Of(flow).Setup ?? FlowSetup.None);
            bodies.SetUp(needed.Distinct(), post => new(streams, task: null, progress, post), stop);
        }

        foreach (var flow in all)
            _flows[VersionOf(flow)] = flow;
        _profile = _profile with { Flows = [.. _bodies.Keys.Select(VersionOf).Distinct()] };
    }

    /// <summary>Set when there is a message.</summary>
    public WaitHandle ToldMore => _toldMore;

    /// <summary>Dequeues the next message for the operator of the worker.</summary>
    public bool TryTake(out string text, out bool isDetail)
    {
        var isThere = _told.TryDequeue(out var told);
        (text, isDetail) = told;
        return isThere;
    }

    public IDisposable Begin(FlowVersion flow, string label, string dispatchId, Payload request, IBodySink sink)
    {
        var root = _flows[flow];
        var copies = new FileCopies(); // a worker lives long, and the file copies of a body are not needed after it
        var run = new WorkerBody(label, sink, text => Log(text, isDetail: false), copies);
        ThreadPool.QueueUserWorkItem(_ => Begin(root, label, dispatchId, request, run, sink, copies));
        return run;
    }

    public void Log(string text, bool isDetail)
    {
        _told.Enqueue((text, isDetail));
        lock (_toldMore)
        {
            if (!_isDisposed)
                _toldMore.Set();
        }
    }

    public void Dispose()
    {
        foreach (var bodies in _bodies.Values)
            bodies.Dispose();
        lock (_toldMore)
        {
            _isDisposed = true; // an abandoned body may still report its end
            _toldMore.Dispose();
        }
    }

    private static FlowVersion VersionOf(Flow flow) => new(flow.Name, flow.Freeze().Fingerprint);

    private void Begin(Flow root, string label, string dispatchId, Payload payload, WorkerBody run, IBodySink sink, FileCopies copies)
    {
        var packer = new PayloadPacker(root.Services, root.Store, _cluster.IsEncrypted, copies);
        var (place, isSecret) = (string.Empty, true); // for an order that cannot be read
        try
        {
            var request = BodyRequest.Read((Hashtable)packer.Open(payload)!, Find, NoOutput.Instance, run.StopToken);
            (place, isSecret) = ($"{request.Place}{dispatchId}/{request.Context.RunCount}.json", request.IsSecret);
            if (request.Place is null)
                packer = new(root.Services, store: null, _cluster.IsEncrypted, copies);
            var task = Find(request.Flow.Name, request.Flow.Fingerprint)!.Find(request.Task)!;
            var body = (ScriptBlockBody)task.Body!;
            var streams = new SentStreams(sink);
            var now = SentSurroundings.Read(request.Surroundings, _home);
            var call = new RunspaceCall
            {
                Block = body.Portable,
                Arguments = request.Arguments,
                ErrorAction = SentSurroundings.ErrorActionOf(request.Surroundings),
                Variables = [.. now.Preferences, .. request.Variables.Cast<DictionaryEntry>().Select(e => new KeyValuePair<string, object?>((string)e.Key, e.Value))],
                StrictMode = SentSurroundings.StrictModeOf(request.Surroundings),
                Now = now,
                Context = request.Context,
                Suspects = request.Suspects,
                Missing = name => sink.Write(StreamItem.OfMissing(name)),
            };
            run.Start(ended => _bodies[root].Start(
                body, call, new(streams, task: null, streams.WriteProgress, action => action()), root.Services.Clock, failed => failed, ended), request.Limit + AfterLimit,
                running => ReportOf(running, ChildSlug.Of(task, request.Context.MapIndex), packer, place, isSecret));
        }
        catch (Exception e)
        {
            run.End(Failed(e, label, packer, place, isSecret));
        }
    }

    private Flow? Find(string name, string? fingerprint) =>
        fingerprint is null ? _flows.FirstOrDefault(flow => flow.Key.Name == name).Value : _flows.TryGetValue(new(name, fingerprint), out var flow) ? flow : null;

    private static BodyReport ReportOf(RunspaceBody body, string task, PayloadPacker packer, string place, bool isSecret)
    {
        if (body.WasStopped)
            return BodyReport.Stopped;
        object? value;
        try
        {
            value = body.GetResult();
        }
        catch (Exception e)
        {
            return Failed(e, task, packer, place, isSecret);
        }

        try
        {
            return BodyReport.Of(value, packer, place, isSecret);
        }
        catch (Exception e)
        {
            return Failed(NotSent(task, e), task, packer, place, isSecret);
        }
    }

    private static Exception NotSent(string task, Exception cause) =>
        cause is FlowException { Id: FlowErrorId.ResultInvalid } invalid ? FlowErrors.ResultNotWritable(task, invalid) : cause;

    private static BodyReport Failed(Exception e, string task, PayloadPacker packer, string place, bool isSecret)
    {
        try
        {
            return BodyReport.Of(e, SentError.Of, packer, place, isSecret);
        }
        catch (FlowException other)
        {
            return BodyReport.Of(NotSent(task, other), SentError.Of, packer, place, isSecret); // the result of the signal cannot be sent
        }
    }

    // The output of a body is sent unmasked; the step masks it.
    private sealed class NoOutput : ITaskOutput
    {
        public static readonly NoOutput Instance = new();

        public string Label => string.Empty;

        public string Take(FlowLogSource stream, string text) => text;
    }
}
