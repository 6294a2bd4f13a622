using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A script block that runs in a runspace of its own.</summary>
internal sealed class RunspaceBody : IBodyRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly PowerShell _shell;
    private readonly string? _file;
    private readonly Action<Runspace?> _release;
    private readonly Action _ended;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly Timer _leaveBehind;
    private readonly object _gate = new();
    private IAsyncResult? _invocation;
    private ExceptionDispatchInfo? _notStarted;
    private bool _hasEnded;
    private bool _isLeftBehind;
    private bool _stopRequested;
    private int _users = 1; // who runs it, and who stops it

    /// <param name="shell">The command to run.</param>
    /// <param name="file">The file that the task's script block stands in; null where it stands in none.</param>
    /// <param name="release">Takes the runspace back; null where it is not fit to be used again.</param>
    /// <param name="ended">Called once when the body has ended or was left behind.</param>
    public RunspaceBody(PowerShell shell, string? file, Action<Runspace?> release, Action ended)
    {
        _shell = shell;
        _file = file;
        _release = release;
        _ended = ended;
        _leaveBehind = new(_ => End(isLeftBehind: true));
    }

    public bool WasStopped { get; private set; }

    /// <summary>Begins in a runspace that is still to be made; that takes time, and so it is done on another thread.</summary>
    public void Start(Func<Runspace> make) => new Thread(() => Begin(make)) { IsBackground = true }.Start();

    /// <summary>Begins in a runspace that is there.</summary>
    public void Start(Runspace free) => Begin(() => free);

    private void Begin(Func<Runspace> take)
    {
        try
        {
            _shell.Runspace = take();
            lock (_gate)
            {
                if (!_stopRequested)
                    _invocation = _shell.BeginInvoke<PSObject, PSObject>(null, _output, null, _ => End(isLeftBehind: false), null);
            }

            if (_invocation is null)
                End(isLeftBehind: false);
        }
        catch (Exception e)
        {
            _notStarted = ExceptionDispatchInfo.Capture(e);
            End(isLeftBehind: false);
        }
    }

    public void Stop()
    {
        lock (_gate)
            _stopRequested = true;
        _leaveBehind.Change(Grace, Timeout.InfiniteTimeSpan);
        if (_invocation is null)
            return;
        Interlocked.Increment(ref _users);
        new Thread(WaitForStop) { IsBackground = true }.Start();
    }

    // BeginStop would wait in a thread that keeps the process from ending, however long the body goes on.
    private void WaitForStop()
    {
        try
        {
            _shell.Stop();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself meanwhile, and its runspace is closed.
        }

        End(isLeftBehind: false);
        Release();
    }

    public object? GetResult()
    {
        _notStarted?.Throw();
        try
        {
            _shell.EndInvoke(_invocation);
            return ScriptOutput.ToResult([.. _output]);
        }
        catch (Exception e)
        {
            throw ScriptErrors.Translate(e) switch
            {
                TaskFailedException failed => new TaskFailedException(failed.Error with { ScriptName = failed.Error.ScriptName ?? _file }, e),
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
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        _shell.Dispose();
        _output.Dispose();
    }

    private void End(bool isLeftBehind)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            _isLeftBehind = isLeftBehind;
            WasStopped = isLeftBehind || (_stopRequested && (_invocation is null || _shell.InvocationStateInfo.State == PSInvocationState.Stopped));
        }

        _release(isLeftBehind ? null : _shell.Runspace);
        _ended();
    }
}
