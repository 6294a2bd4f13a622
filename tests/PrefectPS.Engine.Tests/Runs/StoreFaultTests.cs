using System.Globalization;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A fault of the store is none of the task: the step ends with one error, the task is as before, and what its body returned is written again where that helps.</summary>
public class StoreFaultTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_store_fault_in_a_trigger_does_not_fail_its_task(bool keeps)
    {
        Make(_store).Recorded(maxTasks: 1).Step("run");
        var call = Array.FindIndex(CallsOf(Make), each => each.StartsWith("read", StringComparison.Ordinal) && each.Contains("/results/", StringComparison.Ordinal)) + 1;
        Assert.True(call > 0);

        var flow = Make(new FaultyStore(_store).At(call, StoreMishap.Refused));
        Assert.Equal(FlowErrorId.StoreFailed, Assert.Throws<FlowException>(() => flow.Recorded().Step("run")).Id);
        Assert.Empty(flow.Ran);
        Assert.Equal(StateType.Pending, RecordedRuns.Read(flow.Flow, "run")!.Of("b").StateType);

        flow = Make(_store);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["b"], flow.Ran);

        TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store })
            .Task("a", _ => 1L)
            .Add(new("b", TestFlow.Body(_ => 2L)) { After = ["a"], Trigger = new CustomTrigger("mine", Accepts) });

        bool Accepts(IReadOnlyList<FlowTaskState> upstream)
        {
            try
            {
                return Equals(upstream[0].Result, 1L);
            }
            catch (FlowException) when (keeps)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    public void A_transient_write_fault_is_retried_without_rerunning_the_body(int failures, int bodies)
    {
        var first = Array.FindIndex(CallsOf(Chain), each => each.StartsWith("write", StringComparison.Ordinal) && each.Contains("/results/", StringComparison.Ordinal)) + 1;
        var faulty = new FaultyStore(_store);
        for (var i = 0; i < failures; i++)
            faulty.At(first + (2 * i), StoreMishap.Refused); // each time it is looked whether it was written all the same
        var flow = Chain(faulty);

        if (bodies == 1)
            Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        else
            Assert.Contains("'a'", Assert.Throws<FlowException>(() => flow.Recorded().Step("run")).Message, StringComparison.Ordinal);

        Assert.Equal(Math.Min(failures, 3), flow.Slept.Count);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(bodies, flow.Ran.Count(name => name == "a"));
        Assert.Equal("b of 1", RecordedRuns.Read(flow.Flow, "run")!.Of("b").Result);
    }

    [Theory]
    [InlineData("size=192k", "size=8m")]
    [InlineData("size=8m,nr_inodes=60", "nr_inodes=5000")]
    public void On_a_full_disk_a_step_ends_with_one_error_and_the_run_continues_later(string options, string more)
    {
        using var disk = SmallDisk.Mount(options);
        var flow = Many(disk.Folder);
        var error = Assert.Throws<FlowException>(() => flow.Recorded(durability: FlowDurability.Task).Step("run"));
        Assert.Equal(FlowErrorId.StoreFailed, error.Id);
        Assert.Contains(disk.Folder, error.Message, StringComparison.Ordinal);
        var done = flow.Ran.Count;
        Assert.InRange(done, 2, 49);
        Assert.ThrowsAny<FlowException>(() => Many(disk.Folder).Recorded(durability: FlowDurability.Task).Step("run"));

        disk.Change(more);
        flow = Many(disk.Folder);
        var run = flow.Recorded(durability: FlowDurability.Task).Step("run");

        Assert.Equal(StateType.Success, run.StateType);
        Assert.InRange(flow.Ran.Count, 50 - done, 50 - done + 2); // the one whose result had no room, and one whose record had none
        Assert.All(RecordedRuns.Read(flow.Flow, "run")!.Tasks, task => Assert.StartsWith($"{task.Slug} ", (string)task.Result!, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(disk.Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("ro", "rw")]
    [InlineData("size=4k", "size=8m")]
    [InlineData("nr_inodes=1", "nr_inodes=5000")]
    public void A_removal_on_a_full_or_read_only_disk_leaves_a_whole_or_removed_run(string options, string more)
    {
        using var disk = SmallDisk.Mount("size=8m,nr_inodes=5000");
        Many(disk.Folder).Recorded(maxTasks: 3).Step("run");
        if (options == "ro")
            disk.Change(options);
        else
            Fill(disk.Folder, byFiles: options.StartsWith("nr", StringComparison.Ordinal));

        var store = new FolderStore(disk.Folder);
        try
        {
            RunRemoval.Remove(new FlowRun(store, "flow", "run"));
        }
        catch (FlowException e)
        {
            Assert.Equal(FlowErrorId.StoreFailed, e.Id);
            Assert.Equal(3, RecordedRuns.Read(Many(disk.Folder).Flow, "run")!.Tasks.Count(task => task.IsSuccessful));
        }

        foreach (var file in Directory.GetFiles(disk.Folder, "fill*"))
            if (options != "ro")
                File.Delete(file);
        if (options == "ro")
            disk.Change(more);
        new StoreCleanup(store, TimeSpan.Zero, TimeProvider.System).Clean(_ => true, run => run, fault => throw fault);
        foreach (var run in store.AllRuns())
            RunRemoval.Remove(run);
        Assert.DoesNotContain(Directory.GetFiles(disk.Folder, "*", SearchOption.AllDirectories), file => file.Contains("run", StringComparison.Ordinal));
    }

    private static void Fill(string folder, bool byFiles)
    {
        try
        {
            for (var n = 0; ; n++)
                File.WriteAllBytes(Path.Combine(folder, $"fill{n.ToString(CultureInfo.InvariantCulture)}"), new byte[byFiles ? 0 : 64 * 1024]);
        }
        catch (IOException)
        {
            // It is full.
        }

        if (byFiles)
            return;
        try
        {
            using var last = new FileStream(Path.Combine(folder, "fill"), FileMode.Create);
            while (true)
            {
                last.WriteByte(0);
                last.Flush();
            }
        }
        catch (IOException)
        {
        }
    }

    private string[] CallsOf(Func<IFlowStore, TestFlow> make)
    {
        var copy = RecordedFlowExtensions.NewStore();
        foreach (var entry in _store.ListAsync(string.Empty, CancellationToken.None).Wait())
            copy.WriteAll(entry.Path, _store.ReadAll(entry.Path, CancellationToken.None)!, CancellationToken.None);
        var counted = new FaultyStore(copy);
        make(counted).Recorded().Step("run");
        return [.. counted.Calls];
    }

    private static TestFlow Chain(IFlowStore store) => new TestFlow(options: new() { Store = store })
        .Task("a", _ => 1L)
        .Add(new("b", TestFlow.Body(arguments => $"b of {arguments[0].Value}")) { InputFrom = [new("x", "a")] });

    private static TestFlow Many(string folder)
    {
        var flow = new TestFlow(options: new() { Store = new FolderStore(folder) });
        for (var n = 0; n < 50; n++)
        {
            var name = $"t{n.ToString(CultureInfo.InvariantCulture)}";
            flow.Task(name, _ => $"{name} {new string('x', 6000)}");
        }

        return flow;
    }
}
