using System.Globalization;
using PrefectPS.Integration.Tests.Clusters;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Examples;

/// <summary>Runs <c>docs/examples/cluster</c> as a reader would.</summary>
[Trait("Load", "heavy")]
public sealed class ClusterExampleTests
{
    [Fact]
    public async Task Three_workers_with_one_killed_produce_all_results()
    {
        var address = $"localhost:{FreePorts.FindLasting().ToString(CultureInfo.InvariantCulture)}";
        await using var example = LabProcess.Start(Repository.PathOf("docs/examples/cluster/run.ps1"), ["-Cluster", address]);
        var text = await example.EndAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(0, example.ExitCode);
        Assert.Contains("Machine ProcessId Places Running Flows", text, StringComparison.Ordinal);
        Assert.Contains("The third worker was killed: True", text, StringComparison.Ordinal);
        Assert.Contains("The run is Success: 12 pictures, 12 of them different", text, StringComparison.Ordinal);
        Assert.Matches("Begun twice, as the worker died: [1-9]", text);
    }
}
