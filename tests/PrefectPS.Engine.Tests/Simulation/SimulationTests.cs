using System.Text.RegularExpressions;
using PrefectPS.Storage;
using PrefectPS.Tests.Shared;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>
/// Steps, removals and readers as processes that are held up, suspended and killed at any call of the store, whose calls fail, lose their answer or
/// take effect late: what was promised holds whatever the order. A sample of the schedules; all with two deviations where series run whole.
/// </summary>
public partial class SimulationTests(ITestOutputHelper output)
{
    private static readonly FlowShape Chain = new("a", "b", "c", "d");

    public static TheoryData<string> Names { get; } = [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_processes_keep_the_guarantees_in_every_order(string name)
    {
        var scenario = Scenarios.Of(name);
        Verify(Explorer.Explore(scenario, deviations: 1, Explorer.AnyFault));
        if (Series.IsWhole)
            Verify(Explorer.Explore(scenario, deviations: 2, Explorer.AnyFault));
        else
            Verify(Explorer.Sample(scenario, Series.PrintedSeed(), count: 100, Explorer.AnyFault));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Four_processes_keep_the_guarantees_in_any_order(bool merges) => Verify(Explorer.Sample(
        Scenarios.Crowd(merges ? Chain with { Journal = new() { MaxTail = 2, KeptOpenings = 2 } } : Chain),
        Series.PrintedSeed(), Series.Cases(sample: 200, whole: 500_000), Explorer.AnyFault));

    [Theory]
    [InlineData(8)]
    [InlineData(2)]
    public void Four_logging_processes_keep_the_guarantees_in_any_order(int maxTail) => Verify(Explorer.Sample(
        Scenarios.Crowd(Chain with { Logs = true, Journal = new() { MaxTail = maxTail, KeptOpenings = 2, LogInterval = TimeSpan.Zero, MaxLogInTail = 100 } }),
        Series.PrintedSeed(), Series.Cases(sample: 200, whole: 500_000), Explorer.AnyFault));

    [Fact]
    public void Steps_and_request_senders_keep_the_guarantees_in_any_order() =>
        Verify(Explorer.Sample(Scenarios.Requests(Chain), Series.PrintedSeed(), Series.Cases(sample: 300, whole: 1_000_000), Explorer.AnyFault));

    [Fact]
    public void A_schedule_is_reproducible_from_its_text()
    {
        var seed = Series.PrintedSeed();
        for (var i = 0; i < 50; i++)
        {
            var scenario = Scenarios.Crowd(Chain);
            var (first, violations) = scenario.Run(new RandomScheduler(seed + i, Explorer.AnyFault));
            var (again, same) = scenario.Run(new ScriptedScheduler(first.Trace));
            Assert.Equal(first.Log.Select(WithoutIds), again.Log.Select(WithoutIds));
            Assert.Equal(violations, same);
        }
    }

    [Fact]
    public void A_blind_overwrite_is_detected()
    {
        var scenario = new Scenario("writers", Chain, [], Write, Write);
        var found = Explorer.Explore(scenario, deviations: 1, Explorer.Suspensions).Findings[Promise.NothingIsReplacedBlindly];
        Assert.Equal("A*2 B*3 A ", found.Schedule);

        static void Write(SimulatedWorld world, SimulatedProcess process)
        {
            using var old = process.Store.ReadAsync("targets/x", default).Wait();
            process.Store.WriteAsync("targets/x", [1], WriteCondition.Always, default).Wait();
        }
    }

    [Fact]
    public void A_call_with_a_lost_response_takes_effect_late()
    {
        var scenario = new Scenario("writers", Chain, [], Write(1), Write(2));
        var (world, _) = scenario.Run(new ScriptedScheduler("A A!stray B* land A*"));
        Assert.Equal(1, world.Observe(process => process.Store.ReadAll("x", default))![0]);

        static Action<SimulatedWorld, SimulatedProcess> Write(byte content) => (world, process) =>
        {
            try
            {
                process.Store.WriteAsync("x", [content], WriteCondition.Always, default).Wait();
            }
            catch (FlowException)
            {
                world.Pass(process, new("body", "given up"));
            }
        };
    }

    private void Verify(Exploration exploration)
    {
        output.WriteLine(exploration.ToString());
        Assert.Empty(exploration.Findings.Keys);
    }

    // What is by chance in a path: the name of the file by which a lease learns the store's time.
    private static string WithoutIds(string call) => Id().Replace(call, "*");

    [GeneratedRegex("[0-9a-f]{32}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
