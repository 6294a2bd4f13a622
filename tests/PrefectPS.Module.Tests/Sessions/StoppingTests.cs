using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

/// <summary>Ctrl+C: the running task is stopped at once, nothing more is started, and what finished stays finished.</summary>
public sealed class StoppingTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ModuleSession _session = ModuleSession.Open();
    private readonly TemporaryFolder _folder = new();
    private readonly ManualResetEventSlim _waiting = new();
    private readonly List<string> _log = [];

    public StoppingTests()
    {
        _session.Set("waiting", _waiting);
        _session.Set("log", _log);
        _session.Set("folder", _folder.Path);
    }

    public static TheoryData<string> Waits =>
    [
        "$waiting.Set(); $null = $FlowContext.CancellationToken.WaitHandle.WaitOne()",
        "$waiting.Set(); while ($true) { }",
        "$waiting.Set(); try { while ($true) { } } catch { $log.Add('caught') }",
        "Invoke-Flow (New-Flow inner { task deep { $waiting.Set(); while ($true) { } } })",
    ];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
        _waiting.Dispose();
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public void A_task_that_waits_is_stopped_and_no_other_is_started(string wait)
    {
        var shell = StopWhileWaiting($$"""
            New-Flow stopped {
                task first { $log.Add('first') }
                task waits { {{wait}} }
                task last { $log.Add('last') }
            } | Invoke-Flow
            """);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Equal(["first"], _log);
    }

    [Fact]
    public void Tasks_that_run_beside_the_session_are_stopped_and_their_finally_blocks_have_run()
    {
        var shell = StopWhileWaiting("""
            New-Flow stopped {
                task first { ($using:log).Add('first') }
                task waits { try { ($using:waiting).Set(); while ($true) { } } finally { ($using:log).Add('cleaned up') } } -After first
                task last { ($using:log).Add('last') } -After waits
            } | Invoke-Flow -ThrottleLimit 2
            """);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Equal(["first", "cleaned up"], _log);
    }

    [Fact]
    public void A_stopped_task_is_no_failure_that_a_handler_is_told_of()
    {
        StopWhileWaiting("""
            New-Flow stopped -StateHandler { param($task, $old, $new) $log.Add("$task $($new.State)") } {
                task waits { $waiting.Set(); while ($true) { } }
            } | Invoke-Flow
            """);

        Assert.Equal(["waits Running"], _log);
    }

    [Fact]
    public void A_finally_block_runs_when_its_task_is_stopped()
    {
        StopWhileWaiting("New-Flow stopped { task waits { try { $waiting.Set(); while ($true) { } } finally { $log.Add('cleaned up') } } } | Invoke-Flow");

        Assert.Equal(["cleaned up"], _log);
    }

    [Fact]
    public void A_handler_that_waits_is_stopped()
    {
        var shell = StopWhileWaiting("New-Flow stopped -StateHandler { $waiting.Set(); while ($true) { } } { task a { $log.Add('ran') } } | Invoke-Flow");

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(_log);
    }

    [Fact]
    public void A_definition_that_waits_is_stopped_and_leaves_no_flow_being_defined()
    {
        StopWhileWaiting("New-Flow stopped { task a { }; $waiting.Set(); while ($true) { } }");

        var e = Assert.Throws<CmdletInvocationException>(() => _session.Run("Add-FlowTask homeless { }"));
        Assert.StartsWith("FlowRequired,", e.ErrorRecord.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void What_finished_stays_finished_and_the_session_goes_on()
    {
        _session.Run("""
            $wait = $true
            function Get-Flow {
                New-Flow stopped -Store $folder -Target '{task_name}.json' {
                    task first { $log.Add('first'); 41 }
                    task second { param($n) if ($wait) { $waiting.Set(); while ($true) { } } $log.Add('second'); $n + 1 } -InputFrom @{ n = 'first' }
                }
            }
            """);
        StopWhileWaiting("Get-Flow | Invoke-Flow");

        var states = _session.Run("$wait = $false; $run = Get-Flow | Invoke-Flow; $run.Tasks | ForEach-Object { \"$($_.State) $($_.Result)\" }");

        Assert.Equal(["Cached 41", "Success 42"], states.Output);
        Assert.Equal(["first", "second"], _log);
    }

    private PowerShell StopWhileWaiting(string script)
    {
        using var shell = _session.Prepare(script);
        var running = shell.BeginInvoke();
        Assert.True(_waiting.Wait(Patience, TestContext.Current.CancellationToken), "The script did not come to its wait.");
        shell.Stop();
        Assert.True(running.AsyncWaitHandle.WaitOne(Patience), "The script did not stop.");
        return shell;
    }
}
