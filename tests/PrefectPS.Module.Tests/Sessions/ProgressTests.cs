using System.Management.Automation;
using System.Reflection;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

public sealed class ProgressTests : IDisposable
{
    private const string Three = "$flow = New-Flow three { task a { 1 }; task b { 2 } -After a; task c { 3 } -After b }";

    private readonly WindowHost _host = new();
    private readonly ModuleSession _session;

    public ProgressTests() => _session = ModuleSession.Open(_host);

    private IEnumerable<ProgressRecord> Shown => _host.Shown.Select(shown => shown.Record);

    private IEnumerable<string> Going => Shown.Where(r => r.RecordType == ProgressRecordType.Processing).Select(r => $"{r.Activity}: {r.StatusDescription} {r.PercentComplete}%");

    public void Dispose() => _session.Dispose();

    [Fact]
    public void A_run_shows_how_far_it_is_and_takes_that_away_at_its_end()
    {
        _session.Run($"{Three}; Invoke-Flow $flow");

        Assert.Equal(
            ["three: 0 of 3 tasks done; running: a 0%", "three: 1 of 3 tasks done; running: b 33%", "three: 2 of 3 tasks done; running: c 66%"], Going);
        var last = Shown.Last();
        Assert.Equal(ProgressRecordType.Completed, last.RecordType);
        Assert.All(Shown, record => Assert.Equal((last.ActivityId, -1), (record.ActivityId, record.SecondsRemaining)));
    }

    [Fact]
    public void A_step_counts_what_earlier_steps_did_and_shows_the_time_it_has_left()
    {
        _session.Run($"{Three}; $run = Invoke-FlowStep $flow -MaxTasks 2 -ResetCancelled -ProgressAction SilentlyContinue; $run | Invoke-FlowStep -TimeBudget 1000");

        Assert.Equal(["three: 2 of 3 tasks done; running: c 66%"], Going);
        Assert.InRange(Shown.First().SecondsRemaining, 900, 1000);
    }

    [Theory]
    [InlineData("$ProgressPreference = 'SilentlyContinue'; Invoke-Flow $flow")]
    [InlineData("$ProgressPreference = 'Ignore'; Invoke-Flow $flow")]
    [InlineData("$ProgressPreference = 'Stop'; Invoke-Flow $flow")]
    [InlineData("$ProgressPreference = 'Inquire'; Invoke-Flow $flow")]
    [InlineData("Invoke-Flow $flow -ProgressAction SilentlyContinue")]
    [InlineData("Invoke-Flow $flow -ThrottleLimit 2 -ProgressAction SilentlyContinue")]
    public void A_run_shows_nothing_where_progress_is_off(string run)
    {
        Assert.Equal("Success", _session.Run($"{Three}; $run = & {{ {run} }}; \"$($run.State)\"").Single());
        Assert.Empty(_host.Shown);
    }

    [Theory]
    [InlineData(true, "pwsh", "-NoProfile", "-NonInteractive", "-File", "nightly.ps1")]
    [InlineData(true, "pwsh.dll", "-noni", "-ConfigurationName", "any", "-Command", "Invoke-Flow")]
    [InlineData(true, "prefectps", "--NonI", "nightly.ps1")]
    [InlineData(false, "pwsh", "-NoProfile", "-File", "nightly.ps1", "-NonInteractive")]
    [InlineData(false, "pwsh", "-c", "Invoke-It -NonInteractive", "-NonInteractive")]
    [InlineData(false, "pwsh", "-NoExit", "-NonsenseOption")]
    [InlineData(false, "pwsh")]
    public void A_console_that_was_started_as_not_interactive_shows_nothing(bool isQuiet, params string[] commandLine)
    {
        var module = ((Type)_session.Run("(Get-Command Invoke-Flow).ImplementingType").Single()!).Assembly;
        var asks = module.GetType("PrefectPS.Progress.Audience", throwOnError: true)!.GetMethod("IsNonInteractive", BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Equal(isQuiet, asks.Invoke(null, [commandLine]));
    }

    [Fact]
    public void A_session_without_a_window_collects_no_progress()
    {
        using var session = ModuleSession.Open();
        Assert.Empty(session.Run($"{Three}; $null = Invoke-Flow $flow").Progress);
    }

    [Fact]
    public void Tasks_that_run_at_once_are_shown_together_and_on_the_thread_of_the_pipeline()
    {
        _session.Run("$thread = [Environment]::CurrentManagedThreadId");
        var thread = _session.Run("""
            $barrier = [Threading.Barrier]::new(2)
            $flow = New-Flow two { foreach ($name in 'a', 'b') { task $name { $null = ($using:barrier).SignalAndWait(30000) } } }
            $null = Invoke-Flow $flow -ThrottleLimit 2
            [Environment]::CurrentManagedThreadId
            """).Single();

        Assert.Contains("two: 0 of 2 tasks done; running: a, b 0%", Going);
        Assert.Equal(ProgressRecordType.Completed, Shown.Last().RecordType);
        Assert.All(_host.Shown, shown => Assert.Equal(thread, shown.Thread));
    }

    [Fact]
    public void Many_quick_tasks_show_a_few_records_a_second_only()
    {
        var seconds = (double)_session.Run("""
            $flow = New-Flow many { foreach ($i in 1..2000) { task "t$i" { } } }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $null = Invoke-Flow $flow
            $watch.Elapsed.TotalSeconds
            """).Single()!;

        Assert.InRange(_host.Shown.Count, 2, 5 + (5 * seconds) + 1);
    }

    [Fact]
    public void A_wait_for_a_retry_is_shown()
    {
        _session.Run("New-Flow again { task a { if ($FlowContext.RunCount -eq 1) { throw 'no' } } -MaxRetries 1 -RetryDelay 0.05 } | Invoke-Flow");

        Assert.Contains(Shown, record => record.StatusDescription.StartsWith("0 of 1 tasks done; waiting until ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_flow_that_a_task_runs_is_shown_below_its_own()
    {
        _session.Run("$inner = New-Flow inner { task deep { 1 } }; New-Flow outer { task asks { Invoke-Flow $inner } } | Invoke-Flow; Invoke-Flow $inner");

        var records = Shown.Where(r => r.RecordType == ProgressRecordType.Processing).ToArray();
        Assert.Equal(["outer", "inner", "inner"], records.Select(r => r.Activity));
        Assert.Equal([-1, records[0].ActivityId, -1], records.Select(r => r.ParentActivityId));
    }

    [Fact]
    public void Of_many_tasks_that_run_the_first_are_named()
    {
        _session.Run("""
            $barrier = [Threading.Barrier]::new(7)
            $flow = New-Flow seven { foreach ($i in 1..7) { task "t$i" { $null = ($using:barrier).SignalAndWait(30000); [Threading.Thread]::Sleep(1200) } } }
            $null = Invoke-Flow $flow -ThrottleLimit 7
            """);

        Assert.Contains("seven: 0 of 7 tasks done; running: t1, t2, t3, t4, t5 and 2 more 0%", Going);
    }
}
