using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Steps that put each result through its stored form before the next task gets it.</summary>
public class RoundTripTests
{
    public static TheoryData<object> Values => [1L << 40, "text", new DateTime(2026, 11, 29, 8, 0, 0, DateTimeKind.Utc), new int[] { 1, 2 }, new object[] { 1, "two" }, 2.5m];

    [Theory]
    [MemberData(nameof(Values))]
    public void The_next_task_gets_the_value_a_later_step_would_get(object value)
    {
        object? whole = null, later = null;
        Run(Taking(value, got => whole = got));
        Taking(value, got => later = got).RunInSteps(1);
        Assert.Equal(later!.GetType(), whole!.GetType());
        Assert.Equal(later, whole);
    }

    [Fact]
    public void The_value_is_never_the_same_object()
    {
        foreach (var store in new[] { null, RecordedFlowExtensions.NewStore() })
        {
            var value = new object[] { 1 };
            object? got = null;
            var run = Run(Taking(value, taken => got = taken, new() { Store = store }));
            Assert.Equal(StateType.Success, run.StateType);
            Assert.NotSame(value, got);
            Assert.Equal(value, Assert.IsType<object[]>(got));
            got = null;
            Taking(value, taken => got = taken, new() { Store = store }).RunAll();
            Assert.Same(value, got);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_unserializable_result_fails_its_task_with_property_and_remedy(bool hasStore)
    {
        var value = new Dictionary<string, object?> { ["Items"] = new object?[] { 1, new Action(() => { }) } };
        var flow = Taking(value, _ => { }, new() { Store = hasStore ? RecordedFlowExtensions.NewStore() : null });
        var run = Run(flow);
        Assert.Equal([StateType.Failed, StateType.TriggerFailed], run.Tasks.Select(task => task.StateType));
        Assert.StartsWith("Unexpected error: The result of task 'make' cannot be written. 'Items[1]' of the value", run.Tasks[0].Message, StringComparison.Ordinal);
        Assert.Equal(["make"], flow.Ran);
        if (!hasStore)
            Assert.Equal(StateType.Success, Taking(value, _ => { }).RunAll().StateType);
    }

    [Fact]
    public void A_byte_array_too_large_for_a_document_fails_its_task()
    {
        var run = Run(Taking(new byte[Limits.MaxBytesInArray + 1], _ => { }));
        Assert.Equal(StateType.Failed, run.Tasks[0].StateType);
        Assert.Contains("in an array of bytes", run.Tasks[0].Message, StringComparison.Ordinal);
        Assert.Equal(StateType.Success, Run(Taking(new byte[Limits.MaxBytesInArray + 1], _ => { }, new() { Store = RecordedFlowExtensions.NewStore() })).StateType);
    }

    [Fact]
    public void Results_of_loops_children_and_subflows_are_round_tripped_too()
    {
        var live = new object[] { "live" };
        var seen = new List<object?>();
        var inner = new TestFlow("inner").Task("in", _ => live);
        var flow = new TestFlow().Task("list", _ => new object[] { live });
        flow.Add(new("each", TestFlow.Body(a => { seen.Add(a[0].Value); return live; })) { Map = [new("x", "list")] });
        flow.Add(new("loop", TestFlow.Body((context, _) =>
        {
            seen.Add(context.LoopResult);
            return context.LoopCount < 2 ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of(live) }, endsRun: false) : null;
        })));
        flow.Add(new("s", Body: null) { Subflow = inner.Flow });
        flow.Add(new("take", TestFlow.Body(a => { seen.Add(((object?[])a[0].Value!)[0]); seen.Add(a[1].Value); return null; })) { InputFrom = [new("e", "each"), new("s", "s")] });
        Assert.Equal(StateType.Success, Run(flow).StateType);
        var values = seen.Where(value => value is not null).ToArray();
        Assert.Equal(4, values.Length);
        Assert.All(values, value => Assert.Equal(live, Assert.IsType<object[]>(value)));
        Assert.All(values, value => Assert.NotSame(live, value));
    }

    [Fact]
    public void A_handlers_result_is_round_tripped_too()
    {
        var live = new object[] { 1 };
        object? got = null;
        var flow = new TestFlow();
        flow.Add(new("make", TestFlow.Body(_ => 0))
        {
            StateHandlers = [new RecordingHandler((_, now) => now.StateType == StateType.Success ? now.With(now.Inner with { Result = TaskResult.Of(live) }) : null)],
        });
        flow.Add(new("take", TestFlow.Body(a => got = a[0].Value)) { InputFrom = [new("x", "make")] });
        Run(flow);
        Assert.Equal(live, got);
        Assert.NotSame(live, got);
    }

    [Fact]
    public void Secrets_are_passed_unchanged_and_null_is_valid()
    {
        var secret = new object[] { "hunter2-secret" };
        object? got = null;
        var flow = new TestFlow().Task("nothing", _ => null);
        flow.Add(new("key", TestFlow.Body(_ => secret)) { IsSensitive = true, After = ["nothing"] });
        flow.Add(new("use", TestFlow.Body(a => { got = a[0].Value; return null; })) { InputFrom = [new("k", "key")] });
        Assert.Equal(StateType.Success, Run(flow).StateType);
        Assert.Same(secret, got);
    }

    [Fact]
    public void Parallel_runs_round_trip_too()
    {
        var value = new object[] { 1 };
        object? got = null;
        var flow = Taking(value, taken => got = taken);
        StepRunner.Run(
            flow.New(),
            new() { Budget = new() { Throttle = new(2) }, Pool = new ThreadPoolBodies(), RoundTripsResults = true },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(value, got);
        Assert.NotSame(value, got);
    }

    private static TestFlow Taking(object value, Action<object?> take, FlowOptions? options = null)
    {
        var flow = new TestFlow(options: options).Task("make", _ => value);
        return flow.Add(new("take", TestFlow.Body(a => { take(a[0].Value); return null; })) { InputFrom = [new("x", "make")] });
    }

    private static FlowState Run(TestFlow flow) =>
        StepRunner.Run(flow.New(), new() { Budget = new() { Wait = true }, RoundTripsResults = true }, cancellationToken: TestContext.Current.CancellationToken);
}
