using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Somebody is told how a run has ended, and that it waits: of a run on record at least once, whenever a process dies.</summary>
public class NotificationTests
{
    private static readonly NotifyReason[] AllReasons = [NotifyReason.Failed, NotifyReason.Cancelled, NotifyReason.Paused, NotifyReason.Crashed, NotifyReason.Success];

    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();
    private readonly Told _told = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_end_of_a_run_is_notified_once(bool isOnRecord)
    {
        var fails = true;
        var flow = New(isOnRecord: isOnRecord).Task("a").Task("b", _ => fails ? throw new InvalidOperationException("bad") : null, "a");
        var run = Step(flow, flow.New(), maxTasks: 1);
        Assert.Empty(_told.Calls); // a budget has cut it, which is no end
        run = Step(flow, run);
        Assert.Equal(["Failed Failed"], _told.Calls);
        run = Step(flow, run);
        Assert.Single(_told.Calls);

        fails = false;
        run = Step(flow, run.Change((task, state) => task.Name == "b" ? state.Reset(message: null) : state));
        Assert.Equal(["Failed Failed", "Success Success"], _told.Calls);
        Assert.Empty(run.Identity.Control.Due);
    }

    [Fact]
    public void Only_chosen_reasons_are_notified()
    {
        var flow = New(NotifyReason.Failed, NotifyReason.Crashed).Task("a");
        flow.Recorded().Step("run");
        Assert.Empty(_told.Calls);
        Assert.Empty(Open());
    }

    [Fact]
    public void A_run_that_fails_again_is_notified_again()
    {
        var flow = New().Task("a", _ => throw new InvalidOperationException("bad"));
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "a"));
        flow.Recorded().Step("run");
        Assert.Equal(["Failed Failed", "Failed Failed"], _told.Calls);
    }

    [Fact]
    public void A_failure_is_notified_once_before_the_undo_ends()
    {
        var flow = new TestFlow(options: new() { Store = _store, Notification = new(_told, AllReasons), UndoOn = [UndoReason.Failed] });
        flow.Add(new("a", TestFlow.Body(_ => 1))
        {
            Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromHours(1)] },
            Undo = new RecordingUndo((_, _) => throw new InvalidOperationException("locked")),
        });
        flow.Task("b", _ => throw new InvalidOperationException("bad"), "a");
        Assert.True(flow.Recorded().Step("run").HasPending);
        Assert.Equal(["Failed Failed"], _told.Calls);
        flow.Recorded().Step("run");
        flow.Clock.Advance(TimeSpan.FromHours(2));
        Assert.False(flow.Recorded().Step("run").HasPending);
        Assert.Equal(["Failed Failed"], _told.Calls);
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "b"));
        flow.Recorded().Step("run");
        Assert.Equal(["Failed Failed", "Failed Failed"], _told.Calls);
    }

    [Fact]
    public void A_task_that_begins_to_wait_is_notified_once_wherever_it_is()
    {
        var inner = new TestFlow("inner").Add(new("deep", TestFlow.Body(_ => null)) { Trigger = PrefectPS.Triggers.Trigger.Find("manual_only")! });
        var flow = New().Task("list", _ => new object[] { 1, 2 }).Task("last", _ => null);
        flow.Add(new("each", TestFlow.Body((context, _) => context.MapIndex == 1 && !context.IsResumed ? throw RecordingHandler.Signal(StateType.Paused, "wait") : null))
        {
            Map = [new("n", "list")],
        });
        flow.Add(new("sub", null) { Subflow = inner.Flow, After = ["each"] });
        flow.Add(new("late", TestFlow.Body(_ => null)) { After = ["sub"], Event = new("go") { Timeout = TimeSpan.FromHours(1) } });
        RunUntilIdle(flow);
        Assert.Equal(["Paused Paused"], _told.Calls); // of the child
        RunUntilIdle(flow);
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Resume, "each"));
        RunUntilIdle(flow);
        Assert.Equal(["Paused Paused", "Paused Paused"], _told.Calls); // of the task in the subflow
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Resume, "sub"));
        RunUntilIdle(flow);
        Assert.Equal(["Paused Paused", "Paused Paused", "Paused Scheduled"], _told.Calls); // of the event, though the run goes on in an hour
        flow.Send("go");
        RunUntilIdle(flow);
        Assert.Equal("Success Success", _told.Calls[^1]);
        Assert.Equal(4, _told.Calls.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_suspension_or_stop_is_notified_by_a_process_with_the_flow(bool hasFlow)
    {
        var flow = New().Task("a").Task("b", "a");
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Suspend, hasFlow: hasFlow);
        Assert.Equal(hasFlow ? ["Paused Paused"] : [], _told.Calls);
        flow.Recorded().Step("run");
        Assert.Equal(["Paused Paused"], _told.Calls);
        flow.Ask(RequestKind.Resume, hasFlow: hasFlow);
        flow.Ask(RequestKind.Stop, hasFlow: hasFlow);
        Assert.Equal(hasFlow ? 0 : 1, Open().Count()); // where the next step of the flow finds that it is to be told
        Assert.Equal((StateType.Cancelled, true), _store.AllRuns().Select(run => (run.StateType, run.IsFinished)).Single());
        var next = flow.Recorded().Resume();
        Assert.NotEqual("run", next.RunId);
        Assert.Equal(["Paused Paused", "Cancelled Cancelled", "Success Success"], _told.Calls);
        Assert.Empty(Open());
    }

    [Fact]
    public void The_next_Resume_notifies_of_older_runs_too()
    {
        var flow = New().Task("a").Task("b", "a");
        flow.Recorded(maxTasks: 1).Step("older");
        flow.Recorded(maxTasks: 1).Step("stopped");
        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        flow.Recorded(maxTasks: 1).Step("newest");
        flow.Ask(RequestKind.Suspend, "older", hasFlow: false);
        flow.Ask(RequestKind.Stop, "stopped", hasFlow: false);
        Assert.Equal("newest", flow.Recorded().Resume().RunId);
        Assert.Equal(["Cancelled Cancelled", "Paused Paused", "Success Success"], _told.Calls.Order(StringComparer.Ordinal));
        Assert.Single(Open());
    }

    [Fact]
    public void Several_pending_notifications_are_each_sent_once()
    {
        var flow = New().Task("a").Task("b", "a");
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Suspend, hasFlow: false);
        flow.Ask(RequestKind.Resume, hasFlow: false);
        flow.Ask(RequestKind.Suspend, hasFlow: false);
        flow.Ask(RequestKind.Stop, hasFlow: false);
        flow.Recorded().Step("run");
        Assert.Equal(["Paused Cancelled", "Cancelled Cancelled"], _told.Calls);
        Assert.Empty(Open());
    }

    [Fact]
    public void A_run_without_notifications_finishes_without_the_flow()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a").Task("b", "a");
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Stop, hasFlow: false);
        Assert.Empty(Open());
    }

    [Fact]
    public void A_notification_is_recorded_before_and_cleared_after_it_is_sent()
    {
        var flow = New().Task("a", _ => throw new InvalidOperationException("bad"));
        _told.Does = _ =>
        {
            var stored = StoredRun.Find(new(_store), new("flow", "run"), flow.Flow)!.Run;
            Assert.Equal((StateType.Failed, NotifyReason.Failed), (stored.StateType, stored.Identity.Control.Due.Single()));
            Assert.Single(Open());
        };
        flow.Recorded().Step("run");
        Assert.Single(_told.Calls);
        Assert.Empty(StoredRun.Find(new(_store), new("flow", "run"), flow.Flow)!.Run.Identity.Control.Due);
        Assert.Empty(Open());
        flow.Recorded().Step("run");
        Assert.Single(_told.Calls);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    public void A_notification_killed_at_any_call_is_sent_at_least_once(bool isAfter, int budget)
    {
        for (var call = 1; ; call++)
        {
            var store = RecordedFlowExtensions.NewStore();
            var told = new Told();
            var dying = new DyingStore(store, call, isAfter);
            var isKilled = false;
            try
            {
                while (!Make(dying, told).Recorded(budget == 0 ? null : budget).Step("run").IsOver)
                {
                }
            }
            catch (ProcessKilledException)
            {
                isKilled = true;
            }

            dying.HasEnded = !isKilled;
            var before = told.Calls.Count(each => each == "Failed Failed");
            told.Of = "run";
            while (!Make(store, told).Recorded(budget == 0 ? null : budget).Resume().IsOver)
            {
            }

            if (RecordedRuns.Read(Make(store, told).Flow, "run") is not { IsOver: true }) // it died before there was a run, and -Resume began another
                continue;
            var times = told.Calls.Count(each => each == "Failed Failed");
            Assert.True(times >= 1 && times <= 1 + before, $"Killed at call {call}, it was told {times} times.");
            Assert.DoesNotContain(store.AllRuns(), run => !run.IsFinished);
            if (!isKilled)
                return;
        }

        static TestFlow Make(IFlowStore store, Told told) => new TestFlow(options: new() { Store = store, Notification = new(told, AllReasons) })
            .Task("a").Task("b", _ => throw new InvalidOperationException("bad"), "a");
    }

    [Fact]
    public void A_failing_notifier_is_tried_three_times_and_never_fails_the_run()
    {
        var flow = New().Task("a");
        _told.Does = _ => throw new InvalidOperationException("no network");
        var run = flow.Recorded().Step("run");
        Assert.Equal((StateType.Success, 3), (run.StateType, _told.Calls.Count));
        var error = Assert.Single(_told.GivenUp);
        Assert.Equal(FlowErrorId.NotificationFailed, error.Id);
        Assert.Contains("no network", error.Message, StringComparison.Ordinal);
        flow.Recorded().Step("run");
        Assert.Equal(3, _told.Calls.Count);
        Assert.Empty(Open());
    }

    [Fact]
    public void A_notifier_that_fails_once_is_called_again()
    {
        var flow = New().Task("a");
        _told.Does = calls => _ = calls == 1 ? throw new InvalidOperationException("no network") : 0;
        flow.Recorded().Step("run");
        Assert.Equal(2, _told.Calls.Count);
        Assert.Empty(_told.GivenUp);
    }

    [Fact]
    public void A_crashed_step_is_notified_by_the_next_one()
    {
        var dying = new DyingStore(_store, call: 0, isAfter: false);
        var crashing = new TestFlow(options: new() { Store = dying }).Task("a").Task("b", _ =>
        {
            dying.Kill();
            throw new ProcessKilledException();
        }, "a");
        Assert.Throws<ProcessKilledException>(() => crashing.Recorded().Step("run"));
        var flow = New().Task("a").Task("b", "a");
        flow.Recorded(maxTasks: 1).Step("run");
        Assert.Equal("Crashed Pending", _told.Calls[0]);
        flow.Recorded().Step("run");
        Assert.Single(_told.Calls, call => call.StartsWith("Crashed", StringComparison.Ordinal));
    }

    private static FlowState Step(TestFlow flow, FlowState run, int? maxTasks = null) => flow.Recorded(maxTasks).Step(run).Run;

    private static void RunUntilIdle(TestFlow flow)
    {
        FlowState run;
        do
            run = flow.Recorded(maxTasks: 2).Step("run");
        while (run.HasPending && run.NextStartTime is null);
    }

    private IEnumerable<StoreEntry> Open() => new RunFiles(_store).List(RunFolder.OpenOf("flow"));

    private TestFlow New(params NotifyReason[] on) => New(isOnRecord: true, on);

    private TestFlow New(bool isOnRecord, params NotifyReason[] on) =>
        new(options: new() { Store = isOnRecord ? _store : null, Notification = new(_told, on.Length == 0 ? AllReasons : on) });

    private sealed class Told : IRunNotifier
    {
        public List<string> Calls { get; } = [];

        public List<FlowException> GivenUp { get; } = [];

        public Action<int> Does { get; set; } = _ => { };

        public string? Of { get; set; }

        public void Notify(FlowState run, NotifyReason reason)
        {
            if (Of is not null && run.RunId != Of)
                return;
            Calls.Add($"{reason} {run.State}");
            Does(Calls.Count);
        }

        public void GiveUp(FlowException error) => GivenUp.Add(error);
    }
}
