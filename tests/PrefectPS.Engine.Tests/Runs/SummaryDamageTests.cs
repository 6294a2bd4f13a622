using PrefectPS.Engine.Tests.Support;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>What is no summary in the index is told with the command by which the run goes, where its path says which that is.</summary>
public class SummaryDamageTests
{
    [Theory]
    [InlineData("run-index/flow/open/2026-11-24.json", "-FlowName 'flow' -RunId '2026-11-24'")]
    [InlineData("run-index/flow/done/run/copy.json", "-FlowName 'flow' -RunId 'run'")]
    [InlineData("run-index/a%2fb/open/run.json", "-FlowName -RunId")]
    public void The_error_names_the_run_of_the_path(string path, string expected)
    {
        var store = RecordedFlowExtensions.NewStore();
        store.WriteAll(path, [0], CancellationToken.None);
        var faults = new List<FlowException>();

        Assert.Empty(new RunIndex(new(store)).AllRuns(flow: null, faults.Add));

        var message = Assert.Single(faults).Message;
        Assert.Contains($"'{path}'", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("…", message, StringComparison.Ordinal);
    }
}
