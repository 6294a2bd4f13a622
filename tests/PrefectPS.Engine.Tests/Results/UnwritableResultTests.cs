using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Results;

/// <summary>A task whose result cannot be serialized ends Failed, naming task, property and remedy; the run continues.</summary>
public class UnwritableResultTests
{
    public static TheoryData<string, string, string> Values() => new()
    {
        { nameof(Cyclic), "'[0]'", "contains itself" },
        { nameof(Throwing), "'Owner'", "which cannot be passed to a later step in another process" },
        { nameof(ThrowingItems), "'Items'", "Return its elements as an array" },
        { nameof(Unfinished), "'Work'", "has not finished" },
        { nameof(Blocking), "'Owner'", "+Blocking, which cannot be passed" },
        { nameof(Deep), "[0][0]", "nests deeper than" },
        { nameof(BigNumber), "'Number'", "could not be read again: the number has more than 10000 digits" },
        { nameof(EmptyXml), "'Xml'", "could not be read again" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_task_of_a_recorded_run_fails_and_the_others_run(string kind, string place, string fault)
    {
        var flow = Make(kind, new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false });

        var run = flow.Recorded().Step("run");

        AssertFailed(run.Of("a"), place, fault);
        Assert.Equal(StateType.Success, run.Of("other").StateType);
        Assert.Equal(StateType.Failed, RecordedRuns.Read(flow.Flow, "run")!.Of("a").StateType);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_task_with_a_store_fails(string kind, string place, string fault)
    {
        var flow = Make(kind, new() { Store = RecordedFlowExtensions.NewStore() });

        var run = flow.RunAll();

        AssertFailed(run.Of("a"), place, fault);
        Assert.Equal(StateType.Success, run.Of("other").StateType);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Live_objects_pass_in_memory_and_a_document_names_the_task(string kind, string place, string fault)
    {
        var run = Make(kind).RunAll();

        Assert.Equal(StateType.Success, run.Of("a").StateType);
        Assert.All(
            new Func<byte[]>[] { () => FlowStateWriter.Write(run), () => PrefectWriter.Write(run), () => CompactWriter.Content(run, matchBySlug: false, includeTimes: false) },
            write =>
            {
                var error = Assert.Throws<FlowException>(write);
                Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
                AssertNames(error.Message, place, fault);
            });
    }

    [Fact]
    public void A_result_too_large_to_read_back_fails_its_task()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false }, maxResultBytes: 1000)
            .Task("list", _ => Enumerable.Range(1000, 300).ToArray())
            .Task("text", _ => new string('x', 1001))
            .Task("small", _ => new string('x', 990));

        var run = flow.Recorded().Step("run");

        Assert.Equal([StateType.Failed, StateType.Failed, StateType.Success], run.Types());
        Assert.Contains("task 'list'", run.Of("list").Message!, StringComparison.Ordinal);
        Assert.Contains("larger than 1000 bytes", run.Of("text").Message!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_or_bytes_that_no_JSON_writer_takes_fail_their_task_and_a_document_names_it()
    {
        var (text, bytes) = (new string('x', Limits.MaxJsonTextLength + 1), new byte[Limits.MaxJsonBytesLength + 1]);
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false })
            .Task("text", _ => text)
            .Task("part", _ => With("Owner", text))
            .Task("bytes", _ => With("Owner", bytes));

        var run = flow.Recorded().Step("run");

        Assert.Equal([StateType.Failed, StateType.Failed, StateType.Failed], run.Types());
        AssertHas("The result of task 'text' cannot be written. The value cannot be written: it is a text of 166666667 characters", run.Of("text"));
        AssertHas("'Owner' of the value cannot be written: it is a text of 166666667 characters", run.Of("part"));
        AssertHas("'Owner' of the value cannot be written: it is an array of 125000001 bytes", run.Of("bytes"));
        var alone = new TestFlow().Task("text", _ => text).RunAll();
        Assert.Contains("task 'text'", Assert.Throws<FlowException>(() => FlowStateWriter.Write(alone)).Message, StringComparison.Ordinal);

        static void AssertHas(string text, FlowTaskState task) => Assert.Contains(text, task.Message!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_with_too_many_digits_that_is_the_whole_result_fails_its_task()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false }).Task("a", _ => System.Numerics.BigInteger.Pow(10, 20_000));
        Assert.Contains("10000 digits", flow.Recorded().Step("run").Of("a").Message!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_result_set_by_a_state_handler_is_checked_too(string kind, string place, string fault)
    {
        var handler = new RecordingHandler((_, now) => now.StateType == StateType.Success && now.Result is 1
            ? now.With(new State(StateType.Success, "replaced") { Result = TaskResult.Of(NewValue(kind)) })
            : null);
        var flow = NewFlow(new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false })
            .Add(new("a", TestFlow.Body(_ => 1)) { StateHandlers = [handler] }).Task("other");

        var run = flow.Recorded().Step("run");

        AssertFailed(run.Of("a"), place, fault);
        Assert.Equal(StateType.Success, run.Of("other").StateType);
    }

    private static TestFlow NewFlow(PrefectPS.Flows.FlowOptions? options) => new(options: options, values: new PlainValueAdapter(TimeSpan.FromMilliseconds(50)));

    private static TestFlow Make(string kind, PrefectPS.Flows.FlowOptions? options = null) => NewFlow(options).Task("a", _ => NewValue(kind)).Task("other");

    private static object NewValue(string kind) => kind switch
    {
        nameof(Cyclic) => Cyclic(),
        nameof(Throwing) => With("Owner", new Throwing()),
        nameof(ThrowingItems) => With("Items", ThrowingItems()),
        nameof(Unfinished) => Unfinished(),
        nameof(Deep) => Deep(),
        nameof(BigNumber) => BigNumber(),
        nameof(EmptyXml) => EmptyXml(),
        _ => With("Owner", new Blocking()),
    };

    private static void AssertFailed(FlowTaskState task, string place, string fault)
    {
        Assert.Equal(StateType.Failed, task.StateType);
        AssertNames(task.Message!, place, fault);
    }

    private static void AssertNames(string message, string place, string fault)
    {
        Assert.Contains("task 'a'", message, StringComparison.Ordinal);
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains(". Return ", message, StringComparison.Ordinal);
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

    private static object Deep()
    {
        object value = 1;
        for (var i = 0; i < 10_000; i++)
            value = new[] { value };
        return value;
    }

    private static Dictionary<string, object?> BigNumber() => With("Number", System.Numerics.BigInteger.Pow(10, 20_000));

    private static Dictionary<string, object?> EmptyXml() => With("Xml", new System.Xml.XmlDocument());

    private static Dictionary<string, object?> Unfinished() => With("Work", new TaskCompletionSource<int>().Task);

    private static Dictionary<string, object?> With(string name, object? value) => new() { [name] = value };

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
