using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs.Control;

/// <summary>Events that are sent to a run on record reach its tasks once, whoever works on it.</summary>
public class EventsOnRecordTests
{
    private const string Yes = """{"Answer":"yes"}""";
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    public static TheoryData<bool> WithFlow { get; } = [true, false];

    [Theory]
    [MemberData(nameof(WithFlow))]
    public void An_event_wakes_an_idle_run(bool hasFlow)
    {
        var flow = Waiting();
        Assert.Equal((StateType.Paused, false), flow.Recorded().Step("run") is var waits ? (waits.StateType, waits.HasPending) : default);
        var run = flow.Send("approval", Yes, hasFlow: hasFlow);
        Assert.Equal((StateType.Pending, true), (run.StateType, run.HasPending));
        Assert.Equal(StateType.Pending, Assert.Single(_store.AllRuns()).StateType);
        Assert.Equal(("run", StateType.Success, "yes"), flow.Recorded().Resume() is var done ? (done.RunId, done.StateType, done.Of("ask").Result) : default);
        Assert.Equal(["a", "ask"], flow.Ran);
        Assert.Empty(new RunFiles(_store).List(_store.Incarnation().Inbox));
    }

    [Fact]
    public void An_event_sent_twice_with_the_same_id_counts_once()
    {
        var flow = Waiting();
        flow.Recorded().Step("run");
        Assert.Single(flow.Send("approval", Yes, id: "one").Identity.Control.Events);
        Assert.Single(flow.Send("approval", Yes, id: "one").Identity.Control.Events);
        Assert.Equal("yes", flow.Recorded().Step("run").Of("ask").Result);
        Assert.Empty(flow.Send("approval", Yes, id: "one").Identity.Control.Events);
    }

    [Fact]
    public void A_running_step_delivers_an_event_to_the_waiting_task()
    {
        TestFlow flow = null!;
        flow = new TestFlow(options: new() { Store = _store }).Task("a").Add(Ask()).Task("b", _ => flow.LeaveEvent("approval", Yes), "a").Task("c", "b");
        var run = flow.Recorded().Step("run");
        Assert.Equal((StateType.Success, "yes"), (run.StateType, run.Of("ask").Result));
        Assert.Equal(run.Types(), RecordedRuns.Read(flow.Flow, "run")!.Types());
    }

    [Fact]
    public void A_waiting_step_is_woken_by_an_event()
    {
        var isSent = false;
        TestFlow flow = null!;
        flow = new TestFlow(options: new() { Store = _store }).Add(Ask(new("approval") { Timeout = TimeSpan.FromDays(2) }));
        flow.Sleeps = _ =>
        {
            if (!isSent)
                flow.LeaveEvent("approval", Yes);
            isSent = true;
        };
        var run = flow.Recorded(wait: true).Step("run");
        Assert.True(run.Of("ask").StateType is StateType.Success or StateType.TimedOut); // the test's clock sleeps the wait through at once
        Assert.True(isSent);
    }

    [Fact]
    public void A_crashed_step_leaves_the_event_with_its_task()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Add(Ask(retries: 0, dies: true));
        flow.Add(new("other", TestFlow.Body(_ => "taken")) { Event = new("approval") });
        flow.Recorded().Step("run");
        flow.Send("approval", Yes);
        Assert.ThrowsAny<Exception>(() => flow.Recorded(durability: FlowDurability.Task).Step("run"));
        var left = RecordedRuns.Read(flow.Flow, "run")!;
        Assert.Equal((0, "alice@host", Yes), (left.Identity.Control.Events.Count, left.States[0].Event!.By, left.States[0].Event!.Payload));
        var run = flow.Recorded().Step("run");
        Assert.Equal((StateType.Success, "yes", StateType.Paused), (run.Of("ask").StateType, run.Of("ask").Result, run.Of("other").StateType));
    }

    [Fact]
    public void One_of_two_concurrent_tasks_takes_an_event()
    {
        using var both = new CountdownEvent(2);
        var flow = new TestFlow(TimeProvider.System, new() { Store = _store }).Add(Slow("one")).Add(Slow("two"));
        flow.Recorded(throttle: 2).Step("run");
        flow.Send("approval", Yes);
        Assert.Equal([StateType.Success, StateType.Paused], flow.Recorded(throttle: 2).Step("run").Types());

        TaskOptions Slow(string name) => new(name, TestFlow.Body(_ =>
        {
            both.Signal();
            both.Wait(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
            return null;
        }))
        { Event = new("approval") };
    }

    [Fact]
    public void A_refused_event_is_in_the_history_and_gone()
    {
        var flow = Waiting(new("approval") { Check = new Nothing() });
        flow.Recorded().Step("run");
        flow.Send("approval", Yes, id: "one");
        var run = flow.Recorded().Step("run");
        Assert.Equal((StateType.Paused, 0), (run.StateType, run.Identity.Control.Events.Count));
        Assert.Empty(RecordedRuns.Read(flow.Flow, "run")!.Identity.Control.Events);
        string[] messages = [.. RunHistory.Find(_store, "flow", "run")!.All.Where(each => each.Message is not null).Select(each => each.Message!)];
        Assert.Contains("Event 'approval' sent by alice@host", messages);
        Assert.Contains("Event 'approval' refused by ask: Answer: Nothing is taken.", messages);
        Assert.Empty(flow.Send("approval", Yes, id: "one").Identity.Control.Events); // sent again it is known
    }

    [Fact]
    public void An_older_document_does_not_restore_a_taken_event()
    {
        var flow = Waiting();
        flow.Recorded().Step("run");
        flow.Send("approval", Yes);
        var before = flow.Travel(RecordedRuns.Read(flow.Flow, "run")!);
        Assert.Single(before.Identity.Control.Events);
        flow.Recorded().Step("run");
        var outcome = flow.Recorded().Step(before);
        Assert.Equal((true, StateType.Success), (outcome.IsLate, outcome.Run.StateType));
        Assert.Equal(["a", "ask"], flow.Ran);
    }

    [Fact]
    public void An_event_sent_after_a_document_was_written_is_delivered()
    {
        var flow = Waiting();
        flow.Recorded().Step("run");
        var before = flow.Travel(RecordedRuns.Read(flow.Flow, "run")!);
        flow.Send("approval", Yes);
        Assert.Equal("yes", flow.Recorded().Step(before).Run.Of("ask").Result);
    }

    [Fact]
    public void An_event_for_a_finished_run_is_not_kept()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a");
        flow.Recorded().Step("run");
        Assert.Equal((StateType.Success, 0), flow.Send("approval", Yes) is var run ? (run.StateType, run.Identity.Control.Events.Count) : default);
    }

    [Fact]
    public void A_payload_is_in_no_document_once_its_task_has_ended()
    {
        var flow = Waiting();
        flow.Recorded().Step("run");
        flow.Send("approval", """{"Answer":"needle"}""");
        var done = flow.Recorded().Step("run");
        Assert.DoesNotContain("payload", System.Text.Encoding.UTF8.GetString(PrefectPS.Documents.FlowStateWriter.Write(done)), StringComparison.Ordinal);
        Assert.Null(RecordedRuns.Read(flow.Flow, "run")!.States[1].Event!.Payload);
    }

    private static TaskOptions Ask(EventWait? wait = null, int retries = 0, bool dies = false)
    {
        var runs = 0;
        return new("ask", TestFlow.Body((_, arguments) =>
        {
            if (dies && ++runs == 1)
                throw new StepStoppedException(new InvalidOperationException("killed"));
            for (var i = 0; i < arguments.Count; i++)
            {
                if (arguments[i].Key == "Answer")
                    return arguments[i].Value;
            }

            return "nothing";
        }))
        {
            Event = wait ?? new("approval"),
            Retry = retries == 0 ? null : new() { MaxRetries = retries },
        };
    }

    private TestFlow Waiting(EventWait? wait = null) => new TestFlow(options: new() { Store = _store }).Task("a").Add(Ask(wait) with { After = ["a"] });

    private sealed class Nothing : IPayloadCheck
    {
        public IReadOnlyList<PayloadField> Fields => [];

        public IReadOnlyList<ParameterFault> FaultsIn(IReadOnlyList<KeyValuePair<string, object?>> payload) => [new("Answer", "Nothing is taken.")];
    }
}
