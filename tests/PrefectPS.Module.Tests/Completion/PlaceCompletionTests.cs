using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Completion;

/// <summary>Runs on record, the variables of targets, and the stores and channels that the session has used.</summary>
public sealed class PlaceCompletionTests : IDisposable
{
    private const string Define = """
        $flow = New-Flow nightly -Store memory:completed -Parameter @{ Region = 'west' } { task a { 1 } }
        foreach ($id in 'old run', 'newer', '2026-11-29') { $null = Invoke-Flow $flow -RunId $id }
        $null = Invoke-Flow (New-Flow other -Store memory:completed { task a { 1 } }) -RunId others
        $null = New-FlowStore -Uri 'https://account.blob.core.windows.net/flows?sv=1&sig=secret'
        $null = New-FlowChannel memory:queue
        $bare = New-Flow bare { task a { 1 } }
        """;

    private readonly ModuleSession _session = ModuleSession.Open();

    public PlaceCompletionTests() => _session.Run(Define);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Get-FlowRun $flow -RunId ")]
    [InlineData("$flow | Get-FlowRun -RunId ")]
    [InlineData("Remove-FlowRun -Flow $flow -RunId ")]
    [InlineData("Invoke-FlowStep $flow -RunId ")]
    [InlineData("Get-FlowPlan $flow -RunId ")]
    [InlineData("Get-FlowHistory $flow -RunId ")]
    [InlineData("Get-FlowLog $flow -RunId ")]
    [InlineData("Get-FlowResult $flow -RunId ")]
    [InlineData("Stop-FlowRun $flow -RunId ")]
    [InlineData("Set-FlowTaskState -Flow $flow -RunId ")]
    [InlineData("Send-FlowEvent -Flow $flow -RunId ")]
    [InlineData("Get-FlowRun -Store memory:completed -FlowName nightly -RunId ")]
    public void The_runs_of_the_flow_are_known_the_newest_first(string line) =>
        Assert.Equal(["'2026-11-29'", "newer", "'old run'"], _session.Complete(line));

    [Theory]
    [InlineData("Get-FlowRun -Store memory:completed -RunId o", "others", "'old run'")]
    [InlineData("Get-FlowRun -Store memory:completed -FlowName n* -RunId o", "others", "'old run'")]
    [InlineData("Get-FlowResult -Store (New-FlowStore memory:completed) -RunId o")]
    [InlineData("Get-FlowRun $flow -RunId newer, o", "'old run'")]
    [InlineData("Get-FlowRun $bare -RunId n")]
    [InlineData("Get-FlowRun -Store nowhere://x -RunId n")]
    public void The_runs_of_a_store_are_known_as_far_as_it_can_be_read(string line, params string[] expected) =>
        Assert.Equal(expected, _session.Complete(line).Where(each => !each.Contains('/', StringComparison.Ordinal) && !each.Contains('\\', StringComparison.Ordinal)));

    [Theory]
    [InlineData("New-Flow f -Target '{task_n", "'{task_name}'")]
    [InlineData("New-Flow f -Target '{date:yyyy-MM-dd}/{task_n", "'{date:yyyy-MM-dd}/{task_name}'")]
    [InlineData("New-Flow f -Target 'out/{da", "'out/{date:yyyy-MM-dd}'")]
    [InlineData("Add-FlowTask $flow b { } -Target 'it''s {reg", "'it''s {Region}'")]
    [InlineData("Add-FlowTask $flow b { } -WaitForEvent 'go {flow_run_i", "'go {flow_run_id}'")]
    public void The_variables_of_a_target_are_known_within_it(string line, string expected) => Assert.Equal([expected], _session.Complete(line));

    [Fact]
    public void Where_nothing_of_a_target_was_typed_each_variable_is_shown()
    {
        Assert.Contains("'{flow_name}'", _session.Complete("New-Flow f -Target "));
        Assert.Contains("'{flow_name}/{map_index}'", _session.Complete("New-Flow f -Target '{flow_name}/"));
        Assert.DoesNotContain(_session.Complete("New-Flow f -Target \"$here/{da"), each => each.Contains("date", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("New-Flow f -Store mem", "'memory:completed'")]
    [InlineData("Get-FlowRun -Store 'mem", "'memory:completed'")]
    [InlineData("New-FlowStore https:", "'https://account.blob.core.windows.net/flows'")]
    [InlineData("Receive-FlowMessage mem", "'memory:queue'")]
    [InlineData("Start-FlowListener http://localhost:1/ $flow -Channel mem", "'memory:queue'")]
    [InlineData("$x | Publish-FlowMessage mem", "'memory:queue'")]
    [InlineData("New-FlowChannel mem", "'memory:queue'")]
    public void The_stores_and_channels_that_were_used_are_known_without_their_secrets(string line, string expected) =>
        Assert.Contains(expected, _session.Complete(line));

    [Fact]
    public void Each_parameter_that_names_a_run_a_store_a_channel_or_a_target_is_completed()
    {
        const string Script = """
            foreach ($cmdlet in Get-Command -Module PrefectPS) {
                foreach ($parameter in $cmdlet.Parameters.Values | Where-Object Name -In RunId, Store, Channel, Target, WaitForEvent, Task, Tag, Trigger) {
                    if ("$cmdlet" -eq 'New-Flow' -and $parameter.Name -eq 'Task') { continue } # tasks, and not the names of some
                    if (-not ($parameter.Attributes | Where-Object { $_ -is [ArgumentCompleter] })) { "$cmdlet -$($parameter.Name)" }
                }
            }
            """;
        Assert.Empty(_session.Run(Script).Output);
    }
}
