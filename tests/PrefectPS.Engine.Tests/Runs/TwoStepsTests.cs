using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Two steps of one run at once: one of them wins, whatever the clocks of the two say.</summary>
public sealed class TwoStepsTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"two-steps-{Guid.NewGuid():n}");
    private readonly FakeTimeProvider _storeClock = new(TestFlow.Start);

    public static TheoryData<string, int> StoresAndClocks { get; } = new(
        from store in new[] { "memory", "folder" }
        from minutes in new[] { -600, -10, -2, 0, 2, 10, 600 }
        select (store, minutes));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(StoresAndClocks))]
    public void A_late_step_changes_nothing_with_any_clock_skew(string kind, int minutes)
    {
        var store = Open(kind);
        var conflict = string.Empty;
        var late = Chain(store, minutes, _ => null);
        var first = Chain(store, 0, task =>
        {
            if (task != "b")
                return null;
            var before = Content(store);
            conflict = Assert.Throws<FlowException>(() => late.Recorded().Step("run")).Id;
            Assert.Equal(before, Content(store));
            return null;
        });

        Assert.Equal(StateType.Success, first.Recorded().Step("run").StateType);
        Assert.Equal(FlowErrorId.StoreConflict, conflict);
        Assert.Empty(late.Ran);
    }

    [Theory]
    [MemberData(nameof(StoresAndClocks))]
    public void A_step_that_hung_past_its_lease_is_taken_over_and_stops_at_its_next_write(string kind, int minutes)
    {
        var store = Open(kind);
        var second = Chain(store, minutes, _ => null);
        var content = new Dictionary<string, string>();
        var first = Chain(store, 0, task =>
        {
            if (task != "b")
                return null;
            _storeClock.Advance(TimeSpan.FromSeconds(90)); // and no renewal in that time: the process was suspended
            Assert.Equal(StateType.Success, second.Recorded().Step("run").StateType);
            content = Content(store);
            return null;
        });

        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => first.Recorded().Step("run")).Id);
        Assert.Equal(["a", "b"], first.Ran);
        Assert.Equal(["b", "c"], second.Ran); // a was on record
        Assert.Equal(content, Content(store));
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("folder")]
    public void A_step_taken_over_at_its_end_leaves_its_successors_outcome(string kind)
    {
        var store = Open(kind);
        var second = Chain(store, 0, _ => null);
        var first = Chain(store, 0, task =>
        {
            if (task != "c")
                return null;
            _storeClock.Advance(TimeSpan.FromSeconds(90));
            second.Recorded(maxTasks: 1).Step("run");
            return null;
        });

        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => first.Recorded(durability: FlowDurability.Step).Step("run")).Id);
        Assert.Equal(["a"], second.Ran); // nothing was on record
        Assert.Equal(2, RecordedRuns.Read(second.Flow, "run")!.Step);
    }

    [Fact]
    public void A_renewed_lease_holds_as_long_as_needed()
    {
        var store = Open("memory");
        var late = Chain(store, 0, _ => null);
        TestFlow first = null!;
        first = Chain(store, 0, task =>
        {
            for (var i = 0; task == "b" && i < 30; i++)
            {
                _storeClock.Advance(TimeSpan.FromSeconds(20));
                first.Clock.Advance(TimeSpan.FromSeconds(20));
                Assert.Throws<FlowException>(() => late.Recorded().Step("run"));
            }

            return null;
        });
        Assert.Equal(StateType.Success, first.Recorded().Step("run").StateType);
    }

    [Fact]
    public void A_step_learns_of_a_lost_lease_on_renewal()
    {
        var store = Open("memory");
        var wasAsked = false;
        TestFlow first = null!;
        first = new TestFlow(options: new() { Store = store }).Add(new("a", TestFlow.Body((context, _) =>
        {
            _storeClock.Advance(TimeSpan.FromSeconds(90));
            Chain(store, 0, _ => null, ["a"]).Recorded().Step("run");
            first.Clock.Advance(TimeSpan.FromSeconds(20));
            wasAsked = context.CancellationToken.IsCancellationRequested;
            return null;
        })));
        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => first.Recorded().Step("run")).Id);
        Assert.True(wasAsked);
    }

    [Fact]
    public void A_dead_process_loses_its_lease_at_once()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
        process.WaitForExit();
        var store = Open("memory");
        PutLease(store, ProcessIdentity.Current with { ProcessId = process.Id });
        Assert.Equal(StateType.Success, Chain(store, 0, _ => null).Recorded().Step("run").StateType);
    }

    [Fact]
    public void A_reused_PID_is_not_mistaken_for_the_dead_process()
    {
        var store = Open("memory");
        PutLease(store, ProcessIdentity.Current with { Started = "1" });
        Assert.Equal(StateType.Success, Chain(store, 0, _ => null).Recorded().Step("run").StateType);
    }

    [Fact]
    public void A_lease_of_another_engine_copy_in_this_process_is_respected()
    {
        var store = Open("memory");
        PutLease(store, ProcessIdentity.Current);
        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => Chain(store, 0, _ => null).Recorded().Step("run")).Id);
    }

    [Fact]
    public void For_a_holder_on_another_machine_only_the_stores_clock_counts()
    {
        var store = Open("memory");
        PutLease(store, ProcessIdentity.Current with { Host = "elsewhere" });
        _storeClock.Advance(TimeSpan.FromSeconds(61)); // times in whole seconds may be apart by one more than they say
        Assert.Equal(FlowErrorId.StoreConflict, Assert.Throws<FlowException>(() => Chain(store, 600, _ => null).Recorded().Step("run")).Id);
        _storeClock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(StateType.Success, Chain(store, -600, _ => null).Recorded().Step("run").StateType);
    }

    [Fact]
    public void Many_concurrent_steps_run_each_task_once()
    {
        var store = Open("folder");
        var flows = Enumerable.Range(0, 8).Select(_ => Chain(store, 0, _ => null)).ToArray();
        var outcomes = new string[flows.Length];
        Parallel.For(0, flows.Length, new ParallelOptions { MaxDegreeOfParallelism = flows.Length }, i =>
        {
            try
            {
                outcomes[i] = flows[i].Recorded().Step("run").StateType.Name();
            }
            catch (FlowException e)
            {
                outcomes[i] = e.Id;
            }
        });

        Assert.Equal(["a", "b", "c"], flows.SelectMany(flow => flow.Ran).Order(StringComparer.Ordinal));
        Assert.All(outcomes, outcome => Assert.True(outcome is "Success" or FlowErrorId.StoreConflict, outcome));
        Assert.Contains("Success", outcomes);
    }

    [Fact]
    public void Many_concurrent_resumes_create_one_run()
    {
        var store = Open("memory");
        var flows = Enumerable.Range(0, 8).Select(_ => Chain(store, 0, _ => null, [.. Enumerable.Range(0, 20).Select(i => $"t{i}")])).ToArray();
        Parallel.For(0, flows.Length, new ParallelOptions { MaxDegreeOfParallelism = flows.Length }, i =>
        {
            try
            {
                flows[i].Recorded(maxTasks: 1).Resume();
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict)
            {
            }
        });
        Assert.Single(store.AllRuns());
    }

    private static void PutLease(IFlowStore store, ProcessIdentity process) => new RunFiles(store).Write(
        new RunFolder("flow", "run").Lease, new LeaseContent("someone", process, LeaseOptions.Default.Duration, Renewals: 0).ToBytes());

    private static TestFlow Chain(IFlowStore store, int minutes, Func<string, object?> body, string[]? tasks = null)
    {
        var flow = new TestFlow(options: new() { Store = store }, clock: new(TestFlow.Start + TimeSpan.FromMinutes(minutes)));
        string[] after = [];
        foreach (var name in tasks ?? ["a", "b", "c"])
        {
            flow.Task(name, _ => body(name), after);
            after = [name];
        }

        return flow;
    }

    private static Dictionary<string, string> Content(ClockedStore store) =>
        store.ListAsync(string.Empty, CancellationToken.None).Wait()
            .ToDictionary(entry => entry.Path, entry => store.ReadAsync(entry.Path, CancellationToken.None).Wait()!.Version);

    private ClockedStore Open(string kind) =>
        new(kind == "folder" ? new FolderStore(_folder) : RecordedFlowExtensions.NewStore(), _storeClock);
}
