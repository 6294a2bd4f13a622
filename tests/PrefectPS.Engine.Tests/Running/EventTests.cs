using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A task that waits for an event runs once it has come, whenever it came, with what it brought.</summary>
public class EventTests
{
    private const string Yes = """{"Answer":"yes"}""";
    private const string No = """{"Answer":"no"}""";

    private readonly List<string> _taken = [];

    public static TheoryData<string> Forms { get; } = ["json", "array", "memory"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_task_waits_for_its_event_and_runs_with_the_payload(string form)
    {
        var flow = Waiting();
        var run = Travel(flow, flow.RunAll(), form);
        Assert.Equal((StateType.Paused, "Waiting for event 'approval'.", false), (run.Of("ask").StateType, run.Of("ask").Message, run.HasPending));
        Assert.Equal((StateType.Paused, "1 of 2 tasks wait for approval or an event."), (run.StateType, run.Message));

        var sent = Travel(flow, run.Given("Approval", Yes), form);
        Assert.Equal((StateType.Pending, true), (sent.StateType, sent.HasPending));
        var done = flow.RunAll(sent);
        Assert.Equal((StateType.Success, "yes from alice@host"), (done.StateType, done.Of("ask").Result));
        Assert.Empty(done.Identity.Control.Events);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_event_sent_before_its_task_waits_is_kept(string form)
    {
        var flow = Waiting();
        var run = flow.Step(flow.New().Given("approval", Yes), maxTasks: 0, reset: true);
        Assert.Single(run.Identity.Control.Events);
        Assert.Equal((StateType.Success, "yes from alice@host"), flow.RunAll(Travel(flow, run, form)) is var done ? (done.StateType, done.Of("ask").Result) : default);
    }

    [Fact]
    public void Each_task_takes_the_oldest_matching_event_it_accepts()
    {
        var flow = new TestFlow();
        foreach (var (name, wait) in new[] { ("first", "order"), ("other", "payment"), ("second", "order") })
            flow.Add(new(name, TestFlow.Body(arguments => $"{name}:{Value(arguments, "n")}")) { Event = new(wait) });
        var run = flow.RunAll(flow.New().Given("order", """{"n":1}""").Given("order", """{"n":2}""").Given("order", """{"n":3}"""));
        Assert.Equal(["first:1", null, "second:2"], run.Tasks.Select(task => task.Result));
        Assert.Equal(["""{"n":3}"""], run.Identity.Control.Events.Select(sent => sent.Payload));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_payload_stays_with_the_task_through_retries_until_it_ends(string form)
    {
        var flow = new TestFlow();
        flow.Add(new("ask", TestFlow.Body((context, arguments) => context.RunCount < 3 ? throw new InvalidOperationException("no") : Value(arguments, "Answer")))
        {
            Event = new("approval"),
            Retry = new() { MaxRetries = 5, Delays = [TimeSpan.FromMinutes(1)] },
        });
        var run = flow.Step(flow.New().Given("approval", Yes));
        Assert.Equal((StateType.Retrying, Yes), (run.Of("ask").StateType, run.States[0].Event!.Payload));
        run = flow.RunAll(Travel(flow, run, form));
        Assert.Equal(("yes", 3), (run.Of("ask").Result, run.Of("ask").RunCount));
        Assert.Equal((null, true), (run.States[0].Event!.Payload, run.States[0].Event!.IsLeftOut));
        Assert.DoesNotContain("Answer", System.Text.Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupted_body_runs_again_with_its_event()
    {
        var flow = new TestFlow();
        flow.Add(new("a", TestFlow.Body(arguments => Value(arguments, "Answer"))) { Event = new("approval") });
        flow.Add(new("b", TestFlow.Body(arguments => Value(arguments, "Answer"))) { Event = new("approval") });
        var states = new RunStates(flow.New().Given("approval", Yes));
        var taken = states.StateOf(0, null)!.Receive(new("approval") { Id = states.Control.Events[0].Id, By = "x", Payload = Yes }, 1, false);
        states.Settle(flow.Flow.Tasks[0], null, taken.Start(1, false, TestFlow.Start));
        Assert.Empty(states.Control.Events);
        var run = flow.RunAll(flow.Travel(states.ToState(states.Start.Identity)));
        Assert.Equal((StateType.Success, "yes", 2), (run.Of("a").StateType, run.Of("a").Result, run.Of("a").RunCount));
        Assert.Equal(StateType.Paused, run.Of("b").StateType);
    }

    [Theory]
    [InlineData(WaitTimeoutAction.Fail, StateType.TimedOut)]
    [InlineData(WaitTimeoutAction.Skip, StateType.Skipped)]
    [InlineData(WaitTimeoutAction.Run, StateType.Success)]
    public void A_wait_of_days_times_out_as_configured(WaitTimeoutAction action, StateType expected)
    {
        var flow = Waiting(new("approval") { Timeout = TimeSpan.FromDays(300), TimeoutAction = action });
        var run = flow.Travel(flow.Step(flow.New()));
        Assert.Equal((StateType.Scheduled, true, TestFlow.Start.AddDays(300)), (run.StateType, run.HasPending, run.NextStartTime));
        Assert.Equal((StateType.Paused, "Waiting for event 'approval' until 2027-09-20 08:30:15Z."), (run.Of("ask").StateType, run.Of("ask").Message));
        flow.Clock.Advance(TimeSpan.FromDays(299));
        Assert.Same(run, flow.Step(run));
        flow.Clock.Advance(TimeSpan.FromDays(1));
        run = flow.Step(flow.Travel(run));
        Assert.Equal(expected, run.Of("ask").StateType);
        Assert.Equal(expected == StateType.Success ? "- from " : null, run.Of("ask").Result);
    }

    [Fact]
    public void Postponing_a_task_does_not_restart_its_wait_timeout()
    {
        var flow = Waiting(new("approval") { Timeout = TimeSpan.FromHours(2) });
        var run = Edit(flow.Step(flow.New()), StateType.Scheduled, TestFlow.Start.AddHours(1));
        flow.Clock.Advance(TimeSpan.FromHours(1));
        run = flow.Step(run);
        Assert.Equal((StateType.Paused, TestFlow.Start.AddHours(2)), (run.Of("ask").StateType, run.NextStartTime));
        flow.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(StateType.TimedOut, flow.Step(run).Of("ask").StateType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_approved_task_runs_without_an_event(bool hasTimeout)
    {
        var flow = Waiting(new("approval") { Timeout = hasTimeout ? TimeSpan.FromDays(1) : null });
        var run = flow.RunAll(Edit(flow.Travel(flow.Step(flow.New())), StateType.Resume));
        Assert.Equal((StateType.Success, "- from "), (run.StateType, run.Of("ask").Result));
    }

    [Fact]
    public void A_reset_task_and_the_next_loop_pass_wait_for_a_new_event()
    {
        var flow = new TestFlow();
        flow.Add(new("ask", TestFlow.Body((context, arguments) =>
        {
            _taken.Add($"{context.LoopCount}:{Value(arguments, "Answer")}");
            return context.LoopCount < 2 ? throw new FlowSignalException(new(StateType.Looped), endsRun: false) : "done";
        }))
        { Event = new("approval") });
        var run = flow.Step(flow.New().Given("approval", Yes));
        Assert.Equal(StateType.Paused, run.StateType);
        run = flow.Step(flow.Travel(run.Given("approval", No)));
        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(["1:yes", "2:no"], _taken);
        run = flow.Step(Edit(run, StateType.Pending));
        Assert.Equal((StateType.Paused, 2), (run.StateType, _taken.Count));
    }

    [Fact]
    public void Children_wait_by_their_rendered_names_and_may_share_one()
    {
        foreach (var (name, second) in new[] { ("order-{map_index}", "order-1"), ("order", "order") })
        {
            var flow = new TestFlow().Task("list", _ => new object[] { "a", "b" });
            flow.Add(new("m", TestFlow.Body(arguments => $"{Value(arguments, "x")}{Value(arguments, "n")}")) { Map = [new("x", "list")], Event = new(name) });
            var run = flow.Travel(flow.Step(flow.New()).Given(second, """{"n":1}"""));
            run = flow.Step(flow.Travel(run));
            Assert.Equal(name == "order" ? ["a1", null] : [null, "b1"], run.States[1].Children!.Select(child => child.Result?.Value));
            Assert.Equal(StateType.Paused, run.StateType);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tasks_in_subflows_take_events_of_the_run(bool isBeforeTheWait)
    {
        var inner = Waiting();
        var middle = new TestFlow("middle");
        middle.Flow.Add(new("inner", null) { Subflow = inner.Flow });
        var outer = new TestFlow("outer");
        outer.Flow.Add(new("middle", null) { Subflow = middle.Flow });
        var run = isBeforeTheWait ? outer.New() : outer.Travel(outer.Step(outer.New()));
        if (!isBeforeTheWait)
            Assert.Equal((StateType.Paused, false), (run.StateType, run.HasPending));
        run = outer.Travel(run.Given("approval", Yes));
        Assert.True(run.HasPending);
        run = outer.Step(run);
        Assert.Equal((StateType.Success, "yes from alice@host"), (run.StateType, run.Of("middle").Result));
        Assert.Empty(run.Identity.Control.Events);
    }

    [Fact]
    public void The_wait_for_an_event_follows_the_triggers_approval()
    {
        var flow = new TestFlow();
        flow.Add(new("ask", TestFlow.Body((context, arguments) => $"{context.IsResumed}:{Value(arguments, "Answer")}")) { Event = new("approval"), Trigger = new ManualOnly() });
        var run = flow.Step(flow.New().Given("approval", Yes));
        Assert.Equal((StateType.Paused, null), (run.StateType, run.States[0].Event));
        Assert.Single(run.Identity.Control.Events);
        run = flow.Step(flow.Travel(Edit(run, StateType.Resume)));
        Assert.Equal("True:yes", run.Of("ask").Result);

        run = flow.Step(Edit(flow.Step(flow.New()), StateType.Resume));
        Assert.Equal("Waiting for event 'approval'.", run.Of("ask").Message);
        Assert.Equal("True:no", flow.Step(flow.Travel(run.Given("approval", No))).Of("ask").Result);
    }

    [Fact]
    public void An_event_the_body_cannot_accept_is_refused_and_the_next_one_taken()
    {
        var flow = Waiting(new("approval") { Check = new OnlyYesOrNo() });
        var run = flow.Step(flow.New().Given("approval", """{"Answer":"perhaps"}""").Given("approval", No, id: "2").Given("approval", """{"$type":"nonsense","value":1}"""));
        Assert.Equal("no from alice@host", run.Of("ask").Result);
        Assert.Single(run.Identity.Control.Events); // the other one was not looked at
        run = flow.Step(flow.Travel(flow.Step(flow.New()).Given("approval", """{"$type":"nonsense","value":1}""")));
        Assert.Equal((StateType.Paused, false, 0), (run.StateType, run.HasPending, run.Identity.Control.Events.Count));
    }

    [Fact]
    public void A_run_keeps_a_limited_number_of_events()
    {
        var run = Waiting().New();
        for (var i = 0; i <= RunEvent.MaxKept; i++)
            run = run.Given("other");
        Assert.Equal(RunEvent.MaxKept, run.Identity.Control.Events.Count);
        var large = $"{{\"a\":\"{new string('x', RunEvent.MaxKeptLength / 2)}\"}}";
        Assert.Single(Waiting().New().Given("other", large).Given("other", large).Identity.Control.Events);
        var over = new TestFlow().Task("a").RunAll();
        Assert.Empty(over.Given("late").Identity.Control.Events);
    }

    [Fact]
    public void A_task_with_an_event_uses_neither_the_flows_target_nor_a_cache()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = new TestFlow(options: new() { Store = store, Target = "{task_name}.json" }).Add(new("ask", TestFlow.Body(_ => 1)) { Event = new("approval") });
        Assert.Null(flow.Flow.Tasks[0].Target);
        flow.Add(new("own", TestFlow.Body(_ => 2)) { Event = new("approval"), Target = "own.json" });
        for (var i = 0; i < 2; i++)
            flow.RunAll(flow.New().Given("approval").Given("approval"));
        Assert.Equal(["ask", "own", "ask", "own"], flow.Ran);
    }

    [Fact]
    public void A_decision_by_event_replaces_an_existing_target()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = new TestFlow(options: new() { Store = store });
        flow.Add(new("own", TestFlow.Body(arguments => Value(arguments, "Answer"))) { Event = new("approval"), Target = "own.json" });
        foreach (var answer in new[] { "yes", "no" })
        {
            var run = flow.RunAll(flow.New().Given("approval", $$"""{"Answer":"{{answer}}"}"""));
            Assert.Equal((StateType.Success, answer), (run.Of("own").StateType, run.Of("own").Result));
        }
    }

    [Fact]
    public void Options_that_conflict_with_an_event_are_rejected_at_definition()
    {
        var options = new TaskOptions("a", TestFlow.Body(_ => 1));
        foreach (var (refused, expected) in new[]
        {
            (options with { Event = new("e"), Cache = new(TimeSpan.FromHours(1)) }, "not cached"),
            (options with { Event = new("{nothing}") }, "'nothing'"),
            (options with { Event = new("e") { TimeoutAction = WaitTimeoutAction.Skip } }, "-WaitTimeout"),
        })
            Assert.Contains(expected, Assert.Throws<FlowException>(() => new TestFlow().Add(refused)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_secret_cannot_be_recomputed_without_its_event()
    {
        var flow = Waiting(isSensitive: true).Task("after", arguments => 1, "ask");
        flow.Add(new("takes", TestFlow.Body(arguments => Value(arguments, "x"))) { InputFrom = [new("x", "ask")] });
        var run = flow.Travel(flow.Step(flow.New().Given("approval", Yes), maxTasks: 2, reset: true));
        run = flow.RunAll(run);
        Assert.Equal((StateType.Failed, StateMessages.EventGone), (run.Of("ask").StateType, run.Of("ask").Message));
    }

    private static object? Value(TaskArguments arguments, string name)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].Key == name)
                return arguments[i].Value;
        }

        return null;
    }

    private static TestFlow Waiting(EventWait? wait = null, bool isSensitive = false) => new TestFlow().Task("before").Add(
        new("ask", TestFlow.Body((context, arguments) => $"{Value(arguments, "Answer") ?? "-"} from {context.EventSender}"))
        {
            After = ["before"],
            Event = wait ?? new("approval"),
            IsSensitive = isSensitive,
        });

    private static FlowState Edit(FlowState run, StateType to, DateTimeOffset? due = null) =>
        (new TaskEdit(to) { Tasks = [run.Tasks[^1].Slug], DueTime = due }).ToStateEdit().Of(run);

    private static FlowState Travel(TestFlow flow, FlowState run, string form) => form switch
    {
        "json" => flow.Travel(run),
        "array" => FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run is var read ? read.With(read.Identity with { Control = run.Identity.Control }, read.States) : null!,
        _ => run,
    };

    private sealed class OnlyYesOrNo : IPayloadCheck
    {
        public IReadOnlyList<PayloadField> Fields => [];

        public IReadOnlyList<ParameterFault> FaultsIn(IReadOnlyList<KeyValuePair<string, object?>> payload) =>
            payload is [{ Key: "Answer", Value: "yes" or "no" }] ? [] : [new("Answer", "It is neither yes nor no.")];
    }
}
