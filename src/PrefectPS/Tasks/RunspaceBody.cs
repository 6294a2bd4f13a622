using System.Management.Automation;
using PrefectPS.Running;

namespace PrefectPS.Tasks;

/// <summary>A script block that runs in a runspace of its own.</summary>
internal sealed class RunspaceBody : IBodyRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly PowerShell _shell;
    private readonly string? _file;
    private readonly Action<bool> _release;
    private readonly Action _ended;
    private readonly PSDataCollection<PSObject> _output = [];
    private readonly Timer _leaveBehind;
    private IAsyncResult? _invocation;
    private int _hasEnded;
    private bool _isLeftBehind;
    private bool _stopRequested;

    /// <param name="shell">The command to run, in its runspace.</param>
    /// <param name="file">The file that the task's script block stands in; null where it stands in none.</param>
    /// <param name="release">Takes the runspace back; false where it is not fit to be used again.</param>
    /// <param name="ended">Called once when the body has ended or was left behind.</param>
    public RunspaceBody(PowerShell shell, string? file, Action<bool> release, Action ended)
    {
        _shell = shell;
        _file = file;
        _release = release;
        _ended = ended;
        _leaveBehind = new(_ => End(isReusable: false));
    }

    public bool WasStopped { get; private set; }

    public void Start() => _invocation = _shell.BeginInvoke<PSObject, PSObject>(null, _output, null, _ => End(isReusable: true), null);

    public void Stop()
    {
        _stopRequested = true;
        _leaveBehind.Change(Grace, Timeout.InfiniteTimeSpan);
        _shell.BeginStop(_ => End(isReusable: true), null);
    }

    public object? GetResult()
    {
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

    private void End(bool isReusable)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        _isLeftBehind = !isReusable;
        WasStopped = _isLeftBehind || (_stopRequested && _shell.InvocationStateInfo.State == PSInvocationState.Stopped);
        _release(isReusable);
        _ended();
    }
}
