using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Completion;

public sealed class CompletionTests : IDisposable
{
    private const string Define = """
        $flow = New-Flow night { task extract { 1 } -Tag io; task 'load all' { 2 } -After extract -Tag io, slow; task "it's done" { 3 } -After 'load all' }
        $state = Invoke-FlowStep $flow -MaxTasks 1
        $states = @($state.Tasks)
        $other = 42
        """;

    private readonly ModuleSession _session = ModuleSession.Open();

    public CompletionTests() => _session.Run(Define);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("Add-FlowTask $flow report { 4 } -After ")]
    [InlineData("Add-FlowTask -Flow $flow report { 4 } -After ")]
    [InlineData("Add-FlowTask -Flow:$flow report { 4 } -After ")]
    [InlineData("task $flow report { 4 } -After ")]
    [InlineData("$flow | Add-FlowTask report { 4 } -After ")]
    [InlineData("$flow | Add-FlowTask report { 4 } -MaxRetries $other -After ")]
    [InlineData("Add-FlowTask $global:flow report { 4 } -After ")]
    [InlineData("Get-FlowTask $flow -Name ")]
    [InlineData("Get-FlowTask $state -Name ")]
    [InlineData("$flow | Get-FlowTask -Name ")]
    [InlineData("$flow | Get-FlowTask ")]
    [InlineData("$state | Get-FlowTask -Name ")]
    [InlineData("Set-FlowTaskState $state -To Pending -Task ")]
    [InlineData("Set-FlowTaskState -State $state -To Pending -Task ")]
    [InlineData("$state | Set-FlowTaskState -Task ")]
    [InlineData("$state = $state | Set-FlowTaskState -Task ")]
    [InlineData("$state | Invoke-FlowStep -MaxTasks 1 | Set-FlowTaskState -Task ")]
    [InlineData("$states | Set-FlowTaskState -Task ")]
    [InlineData("if ($other) { $state | Set-FlowTaskState -Task ")]
    [InlineData("$state | Set-FlowTaskState -Task ¦ -To Pending")]
    [InlineData("Get-FlowHistory $state -Task ")]
    [InlineData("$state | Get-FlowHistory -Task ")]
    [InlineData("Get-FlowHistory $flow today -Task ")]
    [InlineData("Get-FlowLog $flow -Task ")]
    [InlineData("Get-FlowPlan $flow -Task ")]
    [InlineData("$state | Debug-FlowTask ")]
    [InlineData("Debug-FlowTask -Run $state -Task ")]
    public void The_tasks_of_the_flow_on_the_line_are_known_in_their_order(string line) =>
        Assert.Equal(["extract", "'load all'", "'it''s done'"], _session.Complete(line));

    [Theory]
    [InlineData("Get-FlowTask $outer -Name ", "a", "sub", "'s/x'", "'s/deep'", "'s/deep/z'")]
    [InlineData("$done | Set-FlowTaskState -To Pending -Task ", "a", "sub", "'s/x'", "'s/deep'", "'s/deep/z'")]
    [InlineData("Get-FlowResult $done -Task s/d", "'s/deep'", "'s/deep/z'")]
    [InlineData("Get-FlowHistory $done -Task ", "first", "s", "'s/x'", "'s/deep'", "'s/deep/z'")]
    [InlineData("Add-FlowTask $outer b { } -After ", "a", "sub")]
    public void Where_tasks_of_subflows_can_be_chosen_they_are_known(string line, params string[] expected)
    {
        _session.Run("$outer = New-Flow outer { task a { 1 } -Slug first; task sub -Slug s -Subflow (New-Flow in { task x { 1 }; task deep -Subflow (New-Flow deepest { task z { 1 } }) }) }; $done = Invoke-Flow $outer");
        Assert.Equal(expected, _session.Complete(line));
    }

    [Theory]
    [InlineData("$flow | Get-FlowTask -Name ex", "extract")]
    [InlineData("$flow | Get-FlowTask -Name EX", "extract")]
    [InlineData("$flow | Get-FlowTask -Name extract, l", "'load all'")]
    [InlineData("$flow | Get-FlowTask -Name 'load a", "'load all'")]
    [InlineData("$flow | Get-FlowTask -Name \"load a", "'load all'")]
    [InlineData("$flow | Get-FlowTask -Name 'it''s", "'it''s done'")]
    public void What_was_typed_is_the_beginning_of_the_name_in_whatever_case_and_quotes(string line, string expected) =>
        Assert.Equal([expected], _session.Complete(line));

    [Theory]
    [InlineData("New-Flow f { task a { 1 }; task 'b b' { 2 } -PassThru; task c { 3 } -After ¦ }")]
    [InlineData("New-Flow f { task a { 1 }; task 'b b' { 2 } -PassThru; task c { 3 } -After ")]
    [InlineData("flow f {\n    task a { 1 } -Tag x\n    task -Name 'b b' -ScriptBlock { 2 } -After a\n    task c { 3 } -After ¦\n}")]
    [InlineData("New-Flow f -Definition { PrefectPS\\Add-FlowTask a { 1 }; foreach ($i in 1..3) { task 'b b' { 2 }; task c { 3 } -After ¦ } }")]
    [InlineData("New-Flow f { task a { New-Flow inner { task z { } } }; task 'b b' { 2 } } -ReferenceTask ")]
    [InlineData("$new = New-Flow f\nAdd-FlowTask $new a { 1 }\n$new | Add-FlowTask 'b b' { 2 }\nAdd-FlowTask $older z { }\nAdd-FlowTask $new c { 3 } -After ")]
    public void The_tasks_of_a_flow_still_being_written_are_known_from_the_text(string script) =>
        Assert.Equal(["a", "'b b'"], _session.Complete(script));

    [Theory]
    [InlineData("$flow | Get-FlowTask -Tag ", "io", "slow")]
    [InlineData("Get-FlowTask $state -Tag s", "slow")]
    [InlineData("Add-FlowTask $flow more { } -Tag i", "io")]
    [InlineData("New-Flow f { task a { } -Tag red, 'dark blue'; task b { } -Tag Red; task c { } -Tag ''; task d { } -Tag ¦ }", "'dark blue'", "red")]
    public void The_tags_of_the_flow_are_known_each_once(string line, params string[] expected) =>
        Assert.Equal(expected, _session.Complete(line));

    [Theory]
    [InlineData("task a { } -Trigger all", "AllFailed", "AllFinished", "AllSuccessful")]
    [InlineData("task a { } -Trigger Some", "SomeFailed", "SomeSuccessful")]
    [InlineData("Add-FlowTask $flow a { } -Trigger man", "ManualOnly")]
    public void The_triggers_are_known(string line, params string[] expected) =>
        Assert.Equal(expected, _session.Complete(line));

    [Theory]
    [InlineData("task a { } -CacheFor 60 -CacheValidator all", "AllInputs", "AllParameters")]
    [InlineData("Add-FlowTask $flow a { } -CacheValidator ", "AllInputs", "AllParameters", "DurationOnly", "NeverUse")]
    public void The_cache_validators_are_known(string line, params string[] expected) =>
        Assert.Equal(expected, _session.Complete(line));

    [Theory]
    [InlineData("$state | Set-FlowTaskState -From Trig", "TriggerFailed")]
    [InlineData("$state | Set-FlowTaskState -From Failed, Canc", "Cancelled", "Cancelling")]
    [InlineData("$state | Set-FlowTaskState -To Resu", "Resume")]
    [InlineData("$state | Get-FlowTask -State Succ", "Success")]
    [InlineData("Send-FlowSignal -EndRun -State Canc", "Cancelled", "Cancelling")]
    public void The_states_are_known(string line, params string[] expected) =>
        Assert.Equal(expected, _session.Complete(line));

    [Theory]
    [InlineData("Get-FlowTask $other -Name ext")]
    [InlineData("Get-FlowTask $undefined -Name ext")]
    [InlineData("Get-FlowTask -Name ext")]
    public void Where_nothing_is_known_no_name_is_made_up(string line) =>
        Assert.DoesNotContain("extract", _session.Complete(line));

    [Fact]
    public void A_completed_line_does_what_it_says()
    {
        var name = Assert.Single(_session.Complete("$flow | Get-FlowTask -Name it"));
        Assert.Equal("it's done", _session.Run($"($flow | Get-FlowTask -Name {name}).Name").Single());
    }
}
