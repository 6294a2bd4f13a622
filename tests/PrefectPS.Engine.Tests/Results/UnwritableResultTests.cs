using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Results;

/// <summary>A task whose result must be written and cannot be ends Failed, and says which task, which property and what to do; the run goes on.</summary>
public class UnwritableResultTests
{
    public static TheoryData<string, string, string> Values() => new()
    {
        { nameof(Cyclic), "[0][0]", "contains itself" },
        { nameof(Throwing), "'Broken'", "its getter throws: no value" },
        { nameof(ThrowingItems), "'Items[1]'", "no more items" },
        { nameof(Unfinished), "'Work'", "has not finished" },
        { nameof(Blocking), "'Stuck'", "has not returned within 5 seconds" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_task_of_a_recorded_run_fails_and_the_others_run(string kind, string place, string fault)
    {
        var flow = Make(kind, new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false });

        var run = flow.Recorded().Step("run");

        AssertFailed(run.Of("a"), place, fault);
        Assert.Equal(StateType.Success, run.Of("other").State);
        Assert.Equal(StateType.Failed, RecordedRuns.Read(flow.Flow, "run")!.Of("a").State);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_task_with_a_store_fails(string kind, string place, string fault)
    {
        var flow = Make(kind, new() { Store = RecordedFlowExtensions.NewStore() });

        var run = flow.RunAll();

        AssertFailed(run.Of("a"), place, fault);
        Assert.Equal(StateType.Success, run.Of("other").State);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Live_objects_pass_in_memory_and_a_document_names_the_task(string kind, string place, string fault)
    {
        var run = Make(kind).RunAll();

        Assert.Equal(StateType.Success, run.Of("a").State);
        Assert.All(
            new Func<byte[]>[] { () => FlowStateWriter.Write(run), () => PrefectWriter.Write(run), () => CompactWriter.Content(run, matchBySlug: false, includeTimes: false) },
            write =>
            {
                var error = Assert.Throws<FlowException>(write);
                Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
                AssertNames(error.Message, place, fault);
            });
    }

    private static TestFlow Make(string kind, PrefectPS.Flows.FlowOptions? options = null) => new TestFlow(options: options).Task("a", _ => NewValue(kind)).Task("other");

    private static object NewValue(string kind) => kind switch
    {
        nameof(Cyclic) => Cyclic(),
        nameof(Throwing) => new Throwing(),
        nameof(ThrowingItems) => new { Items = ThrowingItems() },
        nameof(Unfinished) => Unfinished(),
        _ => new Blocking(),
    };

    private static void AssertFailed(FlowTaskState task, string place, string fault)
    {
        Assert.Equal(StateType.Failed, task.State);
        AssertNames(task.Message!, place, fault);
    }

    private static void AssertNames(string message, string place, string fault)
    {
        Assert.Contains("task 'a'", message, StringComparison.Ordinal);
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains("Select-Object", message, StringComparison.Ordinal);
    }

    private static List<object> Cyclic()
    {
        var list = new List<object>();
        list.Add(list);
        return list;
    }

    private static IEnumerable<int> ThrowingItems()
    {
        yield return 1;
        throw new InvalidOperationException("no more items");
    }

    private static object Unfinished() => new { Work = new TaskCompletionSource<int>().Task };

    private sealed class Throwing
    {
        public int Broken => throw new InvalidOperationException("no value");
    }

    private sealed class Blocking
    {
        public int Stuck
        {
            get
            {
                Thread.Sleep(Timeout.Infinite);
                return 1;
            }
        }
    }
}
