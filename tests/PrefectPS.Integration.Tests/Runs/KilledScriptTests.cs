using PrefectPS.Flows;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>The line that the README shows, in a script whose process is ended from outside.</summary>
[Trait("Load", "heavy")]
public sealed class KilledScriptTests
{
    private const int Tasks = 30;

    private static readonly int Kills = Series.Cases(sample: 4, whole: 8);

    private const string Script = """
        param($Store, $Log)
        $flow = New-Flow 'nightly' -Store $Store {
            for ($i = 1; $i -le 30; $i++) {
                $after = if ($i -gt 1) { @{ After = "t$($i - 1)" } } else { @{} }
                task "t$i" { [IO.File]::AppendAllText($Log, "$($FlowContext.TaskName)`n"); [Threading.Thread]::Sleep(100); $FlowContext.TaskName } @after
            }
        }
        'started'
        $run = Invoke-FlowStep $flow -Resume -TimeBudget 00:08:00
        "$($run.State), $($run.Tasks[29].Result), $(@(Get-FlowRun $flow).Count) run"
        """;

    [Theory]
    [InlineData("KILL", 4)]
    [InlineData("TERM", 2)]
    public async Task A_killed_run_continues_where_it_was(string signal, int kills)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [folder.Write("nightly.ps1", Script), folder["store"], folder["log"]];
        for (var kill = 0; kill < kills; kill++)
        {
            var before = LinesOf(folder["log"]).Length;
            await using var host = HostProcess.Start(arguments);
            Assert.Equal("started", await host.ReadLineAsync());
            while (LinesOf(folder["log"]).Length < before + 3)
                await Task.Delay(1, TestContext.Current.CancellationToken);
            host.Signal(signal);
            await host.WaitAsync();
        }

        var result = await HostProcess.RunAsync(arguments);
        Assert.Equal(["started", $"Success, t{Tasks}, 1 run"], result.Lines);
        Assert.Equal(Tasks, LinesOf(folder["log"]).Distinct().Count());
        Assert.InRange(LinesOf(folder["log"]).Length, Tasks, Tasks + kills);
    }

    private static string[] LinesOf(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];
}
