using System.Management.Automation;
using System.Runtime.ExceptionServices;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A script block that runs in a separate runspace.</summary>
internal sealed class RunspaceBody : IBodyRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // Otherwise, a body that ends with exit, break or continue would succeed with its output so far.
    private static readonly PSInvocationSettings Settings = new() { ExposeFlowControlExceptions = true };

    private readonly PowerShell _shell;
    private readonly Action<TaskRunspace> _prepare;
    private readonly Func<TaskFailedException, TaskFailedException> _explain;
    private readonly Action<TaskRunspace, bool> _release;
    private readonly Action _ended;
    private readonly List<PSObject> _output = [];
    private readonly Timer _leaveBehind;
    private readonly object _gate = new();
    private TaskRunspace _runspace = null!; // set when it is started
    private ExceptionDispatchInfo? _error;
    private bool _hasBegun;
    private bool _hasEnded;
    private bool _isLeftBehind;
    private bool _stopRequested;
    private int _users = 1; // the runner and the stopper

    /// <param name="shell">The PowerShell instance.</param>
    /// <param name="prepare">Sets its command and runspace, on the runspace's thread.</param>
    /// <param name="explain">Converts its failure.</param>
    /// <param name="release">Returns the runspace, and whether it can be reused.</param>
    /// <param name="ended">Called once when the body has ended or was abandoned.</param>
    public RunspaceBody(
        PowerShell shell, Action<TaskRunspace> prepare, Func<TaskFailedException, TaskFailedException> explain, Action<TaskRunspace, bool> release, Action ended)
    {
        _shell = shell;
        _prepare = prepare;
        _explain = explain;
        _release = release;
        _ended = ended;
        _leaveBehind = new(_ => End(isLeftBehind: true));
    }

    public bool WasStopped { get; private set; }

    public DateTimeOffset? Begun { get; init; }

    public WorkerLoss? Loss => null;

    /// <summary>Starts it in an idle runspace.</summary>
    public void Start(TaskRunspace runspace)
    {
        _runspace = runspace;
        runspace.Post(Run);
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopRequested = true;
            if (_hasEnded)
                return;
            _leaveBehind.Change(Grace, Timeout.InfiniteTimeSpan);
            if (!_hasBegun)
                return;
            Interlocked.Increment(ref _users);
        }

        new Thread(WaitForStop) { IsBackground = true }.Start();
    }

    private void Run(TaskRunspace runspace)
    {
        try
        {
            _prepare(runspace);
            lock (_gate)
                _hasBegun = !_stopRequested;
            if (_hasBegun)
                _shell.Invoke(null, _output, Settings);

            // PowerShell does not throw here if the body was stopped, or stopped itself.
            if (_shell.InvocationStateInfo is { State: PSInvocationState.Stopped, Reason: var reason })
                throw reason ?? new PipelineStoppedException();
        }
        catch (Exception e)
        {
            _error = ExceptionDispatchInfo.Capture(e);
        }

        End(isLeftBehind: false);
    }

    // BeginStop would wait on a foreground thread, which keeps the process alive.
    private void WaitForStop()
    {
        SpinWait.SpinUntil(() => _shell.InvocationStateInfo.State != PSInvocationState.NotStarted || Volatile.Read(ref _hasEnded));
        ShellStop.Run(_shell, _runspace.NativeThread);
        Release();
    }

    // The body may also have ended because of its token, before PowerShell stopped it.
    private bool HasGivenUp =>
        _shell.InvocationStateInfo.State == PSInvocationState.Stopped || (_error is { SourceException: { } error } && ScriptErrors.IsCancellation(error));

    public object? GetResult()
    {
        try
        {
            _error?.Throw();
            return ScriptOutput.ToResult([.. _output]);
        }
        catch (Exception e)
        {
            throw ScriptErrors.Translate(e, isStopping: () => false) switch
            {
                TaskFailedException failed => _explain(NativeErrors.Complete(failed, _shell.Streams.Error)),
                { } known => known,
                null => e,
            };
        }
    }

    public void Dispose()
    {
        _leaveBehind.Dispose();
        if (!_isLeftBehind) // to dispose of one would be to wait for it
            Release();
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            _shell.Dispose();
    }

    private void End(bool isLeftBehind)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            _isLeftBehind = isLeftBehind;
            WasStopped = isLeftBehind || (_stopRequested && (!_hasBegun || HasGivenUp));
        }

        _release(_runspace, !isLeftBehind && _shell.Runspace is not null);
        _ended();
    }
}
