using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Conformance;

/// <summary>The files of recorded behaviour: each is read by a suite of its own.</summary>
public class DataTests
{
    [Fact]
    public void Every_file_is_read_by_a_suite() =>
        Assert.Equal(
            [
                "behaviour.json", "graphs.json", "half-run.json", "seed-run.json", "states.json", "tasks.json", "triggers.json", "visualize.json",
            ],
            ConformanceData.Names.Order(StringComparer.Ordinal));
}
