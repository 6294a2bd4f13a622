namespace PrefectPS.Integration.Tests.Commands;

public sealed class WriteCommandsTests
{
    [Theory]
    [InlineData("Write-Host a b 3", "a b 3\n")]
    [InlineData("Write-Host 1, 2, (3, 4) -Separator '-'", "1-2-3-4\n")]
    [InlineData("Write-Host -NoNewline a; Write-Host b", "ab\n")]
    [InlineData("'x', 'y' | Write-Host", "x\ny\n")]
    [InlineData("Write-Host; Write-Host $null; Write-Host ''", "\n\n\n")]
    public async Task Write_Host_joins_and_prints(string command, string expected) =>
        Assert.Equal(expected, (await HostProcess.RunCommandAsync(command)).Output);

    [Fact]
    public async Task Write_Host_in_tasks_that_run_beside_the_session_comes_to_the_console()
    {
        var result = await HostProcess.RunCommandAsync("$run = New-Flow f { task a { Write-Host hello; 1 } } | Invoke-Flow -ThrottleLimit 2; $run.Tasks[0].Message");

        Assert.Equal(["hello", "Task run succeeded."], result.Lines);
    }

    [Fact]
    public async Task Write_Host_is_an_information_record_for_the_host()
    {
        var result = await HostProcess.RunCommandAsync(
            """
            $r = Write-Host hi -ForegroundColor Red -NoNewline 6>&1
            $m = $r.MessageData
            $r.GetType().Name, $r.Tags, $m.GetType().Name, $m.Message, $m.ForegroundColor, $m.NoNewLine
            """);

        Assert.Equal(["InformationRecord", "PSHOST", "HostInformationMessage", "hi", "Red", "True"], result.Lines);
    }

    [Theory]
    [InlineData("(Write-Output 1 2 3).Count", "3")]
    [InlineData("(1, 2 | Write-Output | ForEach-Object { $_ * 2 }) -join ','", "2,4")]
    [InlineData("(Write-Output @(1, 2) -NoEnumerate | ForEach-Object { $_.Count }) -join ','", "2")]
    [InlineData("$null -eq (Write-Output $null)", "True")]
    public async Task Write_Output_passes_objects_on(string command, string expected) =>
        Assert.Equal([expected], (await HostProcess.RunCommandAsync(command)).Lines);

    [Fact]
    public async Task Write_Error_makes_the_record_it_is_asked_for()
    {
        var result = await HostProcess.RunCommandAsync(
            """
            $more = @{ RecommendedAction = 'act'; Reason = 'why'; TargetName = 'tn'; TargetType = 'tt' }
            Write-Error -Message m -Category InvalidData -ErrorId MyId -TargetObject 5 @more -ErrorVariable e 2> $null
            $e[0].Exception.Message, $e[0].CategoryInfo.Category, $e[0].FullyQualifiedErrorId.Split(',')[0], $e[0].TargetObject
            $e[0].ErrorDetails.RecommendedAction, $e[0].CategoryInfo.Reason, $e[0].CategoryInfo.TargetName, $e[0].CategoryInfo.TargetType
            Write-Error -Exception ([IO.IOException]::new('disk')) -Message 'other words' -ErrorVariable f 2> $null
            $f[0].Exception.GetType().Name, $f[0].ToString()
            Write-Error -ErrorRecord $f[0] -ErrorVariable g 2> $null
            $g[0].Exception.Message
            """);

        Assert.Equal(["m", "InvalidData", "MyId", "5", "act", "why", "tn", "tt", "IOException", "other words", "disk"], result.Lines);
    }

    [Fact]
    public async Task Write_Error_points_at_its_own_call()
    {
        var result = await HostProcess.RunScriptAsync("function Check {\n  Write-Error 'not good'\n}\nCheck");

        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Contains("not good", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Write-Error stop -ErrorAction Stop; 'after'")]
    [InlineData("$ErrorActionPreference = 'Stop'; Write-Error stop; 'after'")]
    public async Task Write_Error_stops_the_script_when_errors_do(string command)
    {
        var result = await HostProcess.RunCommandAsync(command);

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Write_Error_is_seen_in_the_success_variable()
    {
        var result = await HostProcess.RunCommandAsync("Write-Error e 2> $null; $?; 'x' | Write-Output > $null; $?");

        Assert.Equal(["False", "True"], result.Lines);
    }

    [Fact]
    public async Task Write_Information_carries_data_and_tags()
    {
        var result = await HostProcess.RunCommandAsync(
            "Write-Information @{ a = 1 } -Tags x, y -InformationVariable i; $i[0].MessageData.a, ($i[0].Tags -join ',')");

        Assert.Equal(["1", "x,y"], result.Lines);
    }

    [Fact]
    public async Task Write_Progress_reports_a_record()
    {
        var result = await HostProcess.RunCommandAsync(
            """
            $shell = [powershell]::Create([runspace]::DefaultRunspace.InitialSessionState)
            $null = $shell.AddScript({
                Write-Progress Copying 'half way' -Id 2 -ParentId 1 -PercentComplete 50 -SecondsRemaining 9 -CurrentOperation file
                Write-Progress -Id 2 -Completed
            }).Invoke()
            $r = $shell.Streams.Progress[0]
            $r.Activity, $r.StatusDescription, $r.ActivityId, $r.ParentActivityId
            $r.PercentComplete, $r.SecondsRemaining, $r.CurrentOperation, $r.RecordType
            $shell.Streams.Progress[1].RecordType
            """);

        Assert.Equal(["Copying", "half way", "2", "1", "50", "9", "file", "Processing", "Completed"], result.Lines);
    }

    [Fact]
    public async Task Write_Progress_needs_an_activity()
    {
        var result = await HostProcess.RunCommandAsync("Write-Progress -Status s");

        Assert.Contains("needs an -Activity", result.Error, StringComparison.Ordinal);
    }
}
