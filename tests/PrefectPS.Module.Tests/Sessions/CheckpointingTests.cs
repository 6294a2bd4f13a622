using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

/// <summary>The environment variable that turns the writing of results off; it is the process's, and so each case has one of its own.</summary>
public sealed class CheckpointingTests : IDisposable
{
    private const string Script = """
        $env:PREFECTPS_CHECKPOINTING = $args[2]
        Import-Module $args[0]
        $flow = New-Flow env -Store $args[1] -Target '{task_name}.json' { task a { 41 }; task b { param($a) $a + 1 } -InputFrom @{ a = 'a' } }
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks[1].Result
        [IO.Directory]::GetFiles($args[1]).Count
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("false", "0")]
    [InlineData("False", "0")]
    [InlineData("0", "0")]
    [InlineData("true", "2")]
    [InlineData("", "2")]
    public async Task A_process_can_turn_the_writing_of_results_off(string value, string files)
    {
        Assert.Equal(["42", files], await SessionProcess.RunAsync(Script, Repository.Manifest, _folder.Path, value));
    }
}
