using CsCheck;
using Microsoft.Extensions.Time.Testing;
using PrefectPS.Channels;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>
/// Everything that a flow writes to a store, whatever went wrong meanwhile, is deleted with its runs; targets stay, and what is kept in the cache and still of use.
/// </summary>
public class StoreCleanupTests
{
    private static readonly TimeSpan CacheTime = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _clock = new(TestFlow.Start);

    [Fact]
    public void After_any_history_a_cleanup_leaves_only_targets() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 60], Gen.Bool).Array[1, 12].Sample(history =>
        {
            var clock = new FakeTimeProvider(TestFlow.Start);
            var (store, other) = (NewStore(clock), NewStore(clock));
            foreach (var (action, call, isAfter) in history)
            {
                clock.Advance(TimeSpan.FromMinutes(2));
                Act(action, call, isAfter, clock, store, other);
            }

            clock.Advance(TimeSpan.FromDays(2));
            RemoveAll(store, clock, Make(clock, store, other).Flow);

            Assert.All(Paths(store), path => Assert.StartsWith("targets/", path, StringComparison.Ordinal));
            Assert.Empty(Paths(other));
        }, iter: Series.Cases(300, 50_000));

    [Fact]
    public void A_cleanup_completes_a_removal_killed_at_any_call()
    {
        for (var call = 1; ; call++)
        {
            var (store, other) = (NewStore(_clock), NewStore(_clock));
            Make(_clock, store, other).Recorded().Step("run");
            var dying = new DyingStore(store, call, isAfter: call % 2 == 0);
            try
            {
                RunRemoval.Remove(new FlowRun(dying, "flow", "run").With(Make(_clock, dying, other).Flow));
                Assert.InRange(call, 10, 200);
                return;
            }
            catch (ProcessKilledException)
            {
            }

            if (store.AllRuns().Count > 0)
                Assert.Equal(StateType.Success, RecordedRuns.Read(Make(_clock, store, other).Flow, "run")!.StateType); // it is whole
            RemoveAll(store, _clock, Make(_clock, store, other).Flow);
            Assert.DoesNotContain(Paths(store), path => path.StartsWith("run", StringComparison.Ordinal));
            Assert.Empty(Paths(other));
        }
    }

    [Theory]
    [InlineData(nameof(StoreMishap.Refused))]
    [InlineData(nameof(StoreMishap.LostAnswer))]
    [InlineData(nameof(StoreMishap.NoAnswer))]
    public void A_removal_failing_at_any_call_leaves_a_whole_or_removed_run_and_can_be_completed(string mishap)
    {
        for (var call = 1; ; call++)
        {
            var (store, other) = (NewStore(_clock), NewStore(_clock));
            Make(_clock, store, other).Recorded().Step("run");
            var faulty = new FaultyStore(store).At(call, Enum.Parse<StoreMishap>(mishap));
            try
            {
                RemoveAll(faulty, _clock, Make(_clock, faulty, other).Flow);
            }
            catch (FlowException e)
            {
                Assert.Equal(FlowErrorId.StoreFailed, e.Id);
                Assert.Contains(store.Name, e.Message, StringComparison.Ordinal);
            }

            if (store.AllRuns().Count > 0)
                Assert.Equal(StateType.Success, Make(_clock, store, other).Recorded().Step("run").StateType);
            RemoveAll(store, _clock, Make(_clock, store, other).Flow);
            Assert.DoesNotContain(Paths(store), path => path.StartsWith("run", StringComparison.Ordinal));
            Assert.Empty(Paths(other));
            if (call > faulty.Calls.Count)
                return;
        }
    }

    [Fact]
    public void In_a_folder_temporary_and_lock_files_of_dead_processes_are_removed()
    {
        var root = Directory.CreateTempSubdirectory("prefectps-").FullName;
        try
        {
            new TestFlow(options: new() { Store = new FolderStore(root) }).Task("a", _ => 1).Recorded().Step("run");
            foreach (var folder in Directory.GetDirectories(root, "*", SearchOption.AllDirectories))
                File.WriteAllBytes(Path.Combine(folder, ".prefectps-0123.tmp"), [1]);
            File.WriteAllBytes(Path.Combine(root, ".prefectps", "lock-0123"), [1]);
            var young = Path.Combine(root, ".prefectps", "lock-4567");
            foreach (var file in Directory.GetFiles(root, "*", SearchOption.AllDirectories))
                File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
            File.WriteAllBytes(young, [1]);

            var store = new FolderStore($"{root}/."); // as the next process has it
            RemoveAll(store, new(DateTimeOffset.UtcNow), new TestFlow(options: new() { Store = store }).Task("a", _ => 1).Flow);

            Assert.Equal([young], Directory.GetFiles(root, "*", SearchOption.AllDirectories));
            Assert.Equal([Path.GetDirectoryName(young)!], Directory.GetDirectories(root, "*", SearchOption.AllDirectories));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Useful_objects_are_kept()
    {
        var (store, other) = (NewStore(_clock), NewStore(_clock));
        var flow = Make(_clock, store, other);
        flow.Recorded().Step("old");
        _clock.Advance(TimeSpan.FromDays(3));
        flow.Recorded().Step("young");
        Begin(_clock, store, "beginning");
        Send(flow.Flow, store, "off record");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var before = Paths(store);

        Clean(store, TimeSpan.FromDays(2), flow.Flow);
        Assert.Equal(before, Paths(store));

        foreach (var run in store.AllRuns().Where(run => run.RunId == "old"))
            RunRemoval.Remove(run.With(flow.Flow));
        Clean(store, TimeSpan.FromDays(2), flow.Flow);
        var young = RecordedRuns.Read(flow.Flow, "young")!;
        Assert.All(young.Tasks, task => Assert.NotNull(task.Result));
        Assert.Contains(Paths(store), path => path.Contains("/open/beginning", StringComparison.Ordinal));
        Assert.Contains(Paths(store), path => path.Contains("/messages/", StringComparison.Ordinal));
        Assert.Equal("cached", Make(_clock, store, other).Recorded().Step("next").Of("cached").Result);
    }

    [Fact]
    public void A_cached_result_possibly_used_by_a_recorded_run_is_kept()
    {
        var (store, other) = (NewStore(_clock), NewStore(_clock));
        var flow = Make(_clock, store, other);
        flow.Recorded().Step("first");
        _clock.Advance(TimeSpan.FromMinutes(10));
        flow.Recorded(maxTasks: 1).Step("second"); // takes the result of the first
        RunRemoval.Remove(store.AllRuns().Single(run => run.RunId == "first"));
        _clock.Advance(TimeSpan.FromDays(5));

        Clean(store, TimeSpan.Zero, flow.Flow);
        var run = flow.Recorded().Step("second");
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal("cached", run.Of("cached").Result);

        RemoveAll(store, _clock, flow.Flow);
        Assert.DoesNotContain(Paths(store), path => path.StartsWith("cache/", StringComparison.Ordinal));
    }

    [Fact]
    public void Replaced_cache_results_are_removed_and_the_current_one_is_kept()
    {
        var (store, other) = (NewStore(_clock), NewStore(_clock));
        var flow = Make(_clock, store, other);
        flow.Recorded().Step("first");
        _clock.Advance(CacheTime + TimeSpan.FromMinutes(1));
        flow.Recorded().Step("second");
        RunRemoval.Remove(store.AllRuns().Single(run => run.RunId == "first"));
        RunRemoval.Remove(store.AllRuns().Single(run => run.RunId == "second"));
        Assert.Equal(3, Paths(store).Count(path => path.StartsWith("cache/", StringComparison.Ordinal)));
        _clock.Advance(TimeSpan.FromMinutes(1));

        Clean(store, TimeSpan.Zero, flow.Flow);

        Assert.Equal(2, Paths(store).Count(path => path.StartsWith("cache/", StringComparison.Ordinal)));
        var ran = flow.Ran.Count(name => name == "cached");
        Assert.Equal("cached", flow.Recorded().Step("third").Of("cached").Result);
        Assert.Equal(ran, flow.Ran.Count(name => name == "cached"));
    }

    [Fact]
    public void Other_flows_and_damaged_runs_with_their_cache_are_kept()
    {
        var (store, other) = (NewStore(_clock), NewStore(_clock));
        var flow = Make(_clock, store, other);
        flow.Recorded().Step("run");
        store.WriteAll(store.Incarnation().Run.Head, [.. "{"u8], CancellationToken.None);
        store.WriteAll("runs/else/gone/messages/1.json", [1], CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(9));
        var before = Paths(store);

        Clean(store, TimeSpan.Zero, flow.Flow);

        Assert.Equal(before, Paths(store));
    }

    private static void Act(int action, int call, bool isAfter, FakeTimeProvider clock, IFlowStore store, IFlowStore other)
    {
        var dying = new DyingStore(store, call, isAfter);
        var faulty = new FaultyStore(store).At(call, isAfter ? StoreMishap.LostAnswer : StoreMishap.Refused);
        try
        {
            switch (action)
            {
                case 0:
                    Make(clock, dying, other).Recorded(maxTasks: 2).Resume();
                    break;
                case 1:
                    Make(clock, dying, other).Recorded(maxTasks: 2, FlowDurability.Batch).Step("run");
                    break;
                case 2:
                    Make(clock, faulty, other).Recorded().Step("run");
                    break;
                case 3:
                    RunRemoval.Remove(new FlowRun(dying, "flow", "run").With(Make(clock, dying, other).Flow), new() { Clock = clock });
                    break;
                case 4:
                    RemoveAll(faulty, clock, Make(clock, faulty, other).Flow);
                    break;
                case 5:
                    Send(Make(clock, store, other).Flow, store, isAfter ? "run" : $"other-{call}");
                    break;
                case 6:
                    WriteLate(store, call, isAfter);
                    break;
                default:
                    Begin(clock, dying, $"begun-{call}");
                    break;
            }
        }
        catch (ProcessKilledException)
        {
        }
        catch (FlowException e) when (e.Id is FlowErrorId.StoreFailed or FlowErrorId.StoreConflict)
        {
        }
    }

    // What a step writes that was suspended for long: a result, a record, a summary, of a run that is there or is not.
    private static void WriteLate(IFlowStore store, int call, bool isThere)
    {
        var folder = new IncarnationFolder(new("flow", isThere ? "run" : "gone"), new string((char)('a' + (call % 6)), 32));
        string[] paths = [$"{folder.ResultsOf("holder")}a.json", folder.Record(call + 1), folder.Segment("s"), folder.Checkpoint("c"), folder.Run.Lease, folder.Run.Resent(1)];
        store.WriteAll(paths[call % paths.Length], [.. "{}"u8], CancellationToken.None);
        if (call % 7 == 0)
            DoneEntry.Put(new(store), folder.Done, new(store, "flow", folder.Run.RunId) { Incarnation = folder.Incarnation, StateType = StateType.Success, TaskCount = 1 });
    }

    private static void Begin(FakeTimeProvider clock, IFlowStore store, string runId)
    {
        var begun = new FlowRun(store, "flow", runId) { Mark = EntryMark.Beginning, Incarnation = "i", UpdateTime = clock.GetUtcNow() };
        OpenEntry.Look(new(store), begun.Folder).TryWrite(begun);
        store.WriteAll(RunFolder.ResumeLease("flow") + ".probe", [], CancellationToken.None);
        store.WriteAll(RunFolder.ResumeLease("flow"), [.. "{"u8], CancellationToken.None);
    }

    // A document that waits in the store.
    private static void Send(Flow flow, IFlowStore store, string runId) =>
        DocumentReference.PutAsync(store, new(FlowStateWriter.Write(FlowState.New(flow))) { Flow = flow.Name, RunId = runId, Step = 1 }, CancellationToken.None).Wait();

    private static void RemoveAll(IFlowStore store, FakeTimeProvider clock, Flow flow)
    {
        foreach (var run in store.AllRuns())
            RunRemoval.Remove(run.With(flow), new() { Clock = clock });
        new StoreCleanup(store, TimeSpan.Zero, clock).Clean(name => name == "flow", run => run.With(flow), fault => throw fault);
    }

    private void Clean(ClockedStore store, TimeSpan age, Flow flow) =>
        new StoreCleanup(store, age, _clock).Clean(name => name == "flow", run => run.With(flow), fault => throw fault);

    private static ClockedStore NewStore(TimeProvider clock) => new(RecordedFlowExtensions.NewStore(), clock);

    private static List<string> Paths(ClockedStore store) => [.. store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path)];

    private static TestFlow Make(FakeTimeProvider clock, IFlowStore store, IFlowStore other)
    {
        var inner = new TestFlow("inner", new() { Store = other }).Task("one", _ => 1).Task("two", _ => 2, "one");
        return new TestFlow(options: new() { Store = store }, clock: clock)
            .Add(new("cached", TestFlow.Body(_ => "cached")) { Cache = new(CacheTime) })
            .Task("list", _ => new object[] { 1, 2 })
            .Add(new("many", TestFlow.Body(arguments => $"<{arguments[0].Value}>")) { Map = [new("x", "list")] })
            .Add(new("target", TestFlow.Body(_ => "target")) { Target = "targets/{task_name}.json" })
            .Add(new("own", TestFlow.Body(_ => "own")) { Store = other })
            .Add(new("outer", null!) { Subflow = inner.Flow });
    }
}
