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

    /// <summary>Begins, on another thread: to make a runspace takes time.</summary>
    public void Start(Func<Runspace> take) => ThreadPool.QueueUserWorkItem(_ =>
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
    });

    public void Stop()
    {
        lock (_gate)
            _stopRequested = true;
        _leaveBehind.Change(Grace, Timeout.InfiniteTimeSpan);
        if (_invocation is not null)
            _shell.BeginStop(_ => End(isLeftBehind: false), null);
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
        if (_isLeftBehind)
            return; // to dispose of it would be to wait for it
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
