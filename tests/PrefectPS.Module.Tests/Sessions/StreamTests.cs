using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

public sealed class StreamTests : IDisposable
{
    private const string Speak = """
        function Write-All {
            [CmdletBinding()] param()
            $DebugPreference = 'Continue'
            $PSCmdlet.WriteWarning('careful')
            $PSCmdlet.WriteVerbose('details')
            $PSCmdlet.WriteDebug('depths')
            $PSCmdlet.WriteInformation('news', @())
            $PSCmdlet.WriteProgress([System.Management.Automation.ProgressRecord]::new(1, 'moving', 'on'))
        }
        """;

    private readonly ModuleSession _session = ModuleSession.Open();

    public StreamTests() => _session.Run(Speak);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("New-Flow loud { task a { Write-All -Verbose } } | Invoke-Flow", "a: ")]
    [InlineData("New-Flow loud { task a { Write-All -Verbose } } | Invoke-FlowStep -MaxTasks 1", "a: ")]
    [InlineData("New-Flow loud { task a { } -StateHandler { param($task, $old, $new) if ($new.IsFinished) { Write-All -Verbose } } } | Invoke-Flow", "")]
    [InlineData("New-Flow loud { Write-All -Verbose; task a { } }", "")]
    public void Streams_of_tasks_handlers_and_definitions_reach_the_caller(string script, string teller)
    {
        var outcome = _session.Run(script);

        Assert.Equal([$"{teller}careful"], outcome.Warnings);
        Assert.Equal([$"{teller}details"], outcome.Verbose);
        Assert.Equal([$"{teller}depths"], outcome.Debug);
        Assert.Equal(["news"], outcome.Information);
        Assert.Contains("moving", outcome.Progress);
        Assert.Single(outcome.Output);
        Assert.Empty(outcome.Errors);
    }

    [Fact]
    public void An_error_that_a_task_goes_on_after_reaches_the_callers_error_stream()
    {
        var outcome = _session.Run("""
            $run = New-Flow brave { task a { $ErrorActionPreference = 'Continue'; Get-FlowTask (New-Flow empty) nowhere; 'went on' } } | Invoke-Flow
            "$($run.Tasks[0].State) $($run.Tasks[0].Result)"
            """);

        Assert.Equal("Success went on", outcome.Single());
        Assert.StartsWith("FlowTaskNotFound,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Invoke-Flow")]
    [InlineData("Invoke-Flow -ThrottleLimit 2 -ErrorAction Continue")]
    public void A_flow_can_say_that_errors_are_only_written(string run)
    {
        var outcome = _session.Run($$"""
            $run = New-Flow brave -ErrorActionPreference Continue { task a { Get-FlowTask (New-Flow empty) nowhere; 'went on' } } | {{run}}
            "$($run.Tasks[0].State) $($run.Tasks[0].Result)"
            """);

        Assert.Equal("Success went on", outcome.Single());
        Assert.StartsWith("FlowTaskNotFound,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_that_fails_its_task_is_in_its_state_and_not_in_the_error_stream()
    {
        var outcome = _session.Run("(New-Flow bad { task a { throw 'no' } } | Invoke-Flow).Tasks[0].Error.Message");

        Assert.Equal("no", outcome.Single());
        Assert.Empty(outcome.Errors);
    }

    [Fact]
    public void Streams_arrive_in_the_order_of_the_tasks()
    {
        var outcome = _session.Run("""
            function Write-Word { [CmdletBinding()] param($word) $PSCmdlet.WriteWarning($word) }
            $null = New-Flow order { foreach ($n in 1..5) { task "t$n" { Write-Word $FlowContext.TaskName } } } | Invoke-Flow
            """);

        Assert.Equal(["t1: t1", "t2: t2", "t3: t3", "t4: t4", "t5: t5"], outcome.Warnings);
    }
}
