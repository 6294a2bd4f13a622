using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs.Control;

/// <summary>What is asked of a run that nobody works on is applied by who asks.</summary>
public class IdleRunTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    public static TheoryData<bool> WithFlow { get; } = [true, false];

    [Theory]
    [MemberData(nameof(WithFlow))]
    public void A_stopped_run_is_over_and_says_by_whom_and_why(bool hasFlow)
    {
        var flow = Begun();
        var run = flow.Ask(RequestKind.Stop, reason: "wrong data", hasFlow: hasFlow);

        Assert.Equal((StateType.Cancelled, true, false, false), (run.StateType, run.IsStopped, run.IsSuspended, run.HasPending));
        Assert.Equal(("alice@host", "wrong data", "Stopped by alice@host: wrong data"), (run.RequestedBy, run.Reason, run.Message));
        Assert.Equal([StateType.Success, StateType.Cancelled, StateType.Cancelled], run.Tasks.Select(task => task.StateType));
        var summary = Assert.Single(_store.AllRuns());
        Assert.Equal((StateType.Cancelled, true, true, "alice@host", "wrong data"), (summary.StateType, summary.IsFinished, summary.IsStopped, summary.RequestedBy, summary.Reason));
        Assert.Equal((3, 3), (summary.FinishedCount, summary.TaskCount));
        Assert.Empty(new RunFiles(_store).List(_store.Incarnation().Inbox));
    }

    [Theory]
    [MemberData(nameof(WithFlow))]
    public void A_stopped_run_is_not_continued_by_resume_id_reset_or_state(bool hasFlow)
    {
        var flow = Begun();
        var before = RecordedRuns.Read(flow.Flow, "run")!;
        flow.Ask(RequestKind.Stop, hasFlow: hasFlow);

        Assert.True(flow.Recorded(reset: true).Step("run").IsStopped);
        var edited = new TaskEdit(StateType.Pending).ToStateEdit().Of(before);
        var outcome = flow.Recorded(reset: true).Step(flow.Travel(edited));
        Assert.Equal((true, false, StateType.Cancelled), (outcome.Run.IsStopped, outcome.IsLate, outcome.Run.StateType));
        Assert.Equal(["a"], flow.Ran);
        Assert.Equal("run-1", flow.Recorded().Resume().RunId); // a new one
        Assert.True(RecordedRuns.Read(flow.Flow, "run")!.IsStopped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_Prefect_array_does_not_change_a_stopped_run(bool isIdChosen)
    {
        var flow = Begun();
        var array = FlowStateReader.Read(flow.Flow, PrefectWriter.Write(RecordedRuns.Read(flow.Flow, "run")!)).Run;
        if (isIdChosen)
            array = array.With(array.Identity with { Coverage = IdentityCoverage.Id }, array.States);
        flow.Ask(RequestKind.Stop);
        var record = new RunFiles(_store).List(_store.Incarnation().Journal).Count;
        var outcome = flow.Recorded(reset: true).Step(new TaskEdit(StateType.Skipped).ToStateEdit().Of(array));
        Assert.Equal(("run", true), (outcome.Run.RunId, outcome.Run.IsStopped));
        Assert.Equal([StateType.Success, StateType.Cancelled, StateType.Cancelled], RecordedRuns.Read(flow.Flow, "run")!.Types());
        Assert.Equal(record, new RunFiles(_store).List(_store.Incarnation().Journal).Count);
    }

    [Fact]
    public void A_Prefect_array_does_not_revert_a_recorded_edit()
    {
        var flow = Begun();
        var array = FlowStateReader.Read(flow.Flow, PrefectWriter.Write(RecordedRuns.Read(flow.Flow, "run")!)).Run;
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Success, "b") with { HasResult = true, Result = 7 });
        Assert.Equal((7, StateType.Success), flow.Recorded().Step(array).Run is var run ? (run.Of("b").Result, run.StateType) : default);
        Assert.Equal(["a", "c"], flow.Ran);
    }

    [Theory]
    [MemberData(nameof(WithFlow))]
    public void A_suspended_run_is_returned_unchanged_until_it_is_resumed(bool hasFlow)
    {
        var flow = Begun();
        var run = flow.Ask(RequestKind.Suspend, reason: "holidays", hasFlow: hasFlow);

        Assert.Equal((StateType.Paused, true, false, false, "Suspended by alice@host: holidays"), (run.StateType, run.IsSuspended, run.IsStopped, run.HasPending, run.Message));
        var summary = Assert.Single(_store.AllRuns());
        Assert.Equal((StateType.Paused, false, true, "holidays"), (summary.StateType, summary.IsFinished, summary.IsSuspended, summary.Reason));
        Assert.All([flow.Recorded().Step("run"), flow.Recorded().Resume()], step => Assert.Equal(("run", true, 1), (step.RunId, step.IsSuspended, step.Step)));
        Assert.Equal(["a"], flow.Ran);

        var resumed = flow.Ask(RequestKind.Resume, hasFlow: hasFlow);
        Assert.Equal((StateType.Pending, false, true, null), (resumed.StateType, resumed.IsSuspended, resumed.HasPending, resumed.RequestedBy));
        Assert.Equal((StateType.Pending, false), Assert.Single(_store.AllRuns()) is var now ? (now.StateType, now.IsSuspended) : default);
        Assert.Equal(StateType.Success, flow.Recorded().Resume().StateType);
        Assert.Equal(["a", "b", "c"], flow.Ran);
    }

    [Theory]
    [MemberData(nameof(WithFlow))]
    public void A_stopped_run_continues_only_by_force(bool hasFlow)
    {
        var flow = Begun();
        flow.Ask(RequestKind.Stop, hasFlow: hasFlow);
        Assert.True(flow.Ask(RequestKind.Resume, hasFlow: hasFlow).IsStopped);
        Assert.True(Assert.Single(_store.AllRuns()).IsFinished);

        Assert.Equal(StateType.Pending, flow.Ask(RequestKind.Resume, special: true, hasFlow: hasFlow).StateType);
        Assert.False(Assert.Single(_store.AllRuns()).IsFinished);
        Assert.Equal((StateType.Success, "run"), flow.Recorded().Resume() is var run ? (run.StateType, run.RunId) : default);
        Assert.Equal(["a", "b", "c"], flow.Ran);
    }

    [Fact]
    public void Editing_a_named_task_continues_a_stopped_run()
    {
        var flow = Begun();
        flow.Ask(RequestKind.Stop);
        Assert.True(flow.Ask(RequestKind.Edit, edit: new(StateType.Pending)).IsStopped); // of all: a stop is not undone by the way
        var run = flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "b"));
        Assert.Equal((false, StateType.Pending), (run.IsStopped, run.Of("b").StateType));
        Assert.Equal(StateType.Cancelled, flow.Recorded().Resume().StateType);
        Assert.Equal(["a", "b"], flow.Ran);
        flow.Ask(RequestKind.Resume, special: true); // the rest
        Assert.Equal(StateType.Success, flow.Recorded().Resume().StateType);
        Assert.Equal(["a", "b", "c"], flow.Ran);
    }

    [Fact]
    public void A_task_that_ended_itself_Cancelled_stays_so_when_a_stop_is_reverted()
    {
        var flow = new TestFlow(options: new() { Store = _store })
            .Task("a", _ => throw new FlowSignalException(new(StateType.Cancelled), endsRun: true)).Task("b").Task("c", "b");
        flow.Recorded(maxTasks: 1).Step("run");
        flow.Ask(RequestKind.Stop);
        Assert.Equal(["Cancelled", "Pending", "Pending"], flow.Ask(RequestKind.Resume, special: true).Tasks.Select(task => task.StateType.Name()));
    }

    [Fact]
    public void A_late_request_changes_nothing_and_is_recorded()
    {
        var flow = Begun();
        flow.Recorded().Step("run");
        Assert.All(
            [RequestKind.Stop, RequestKind.Suspend, RequestKind.Resume],
            kind => Assert.Equal((StateType.Success, false, false), flow.Ask(kind, special: false) is var run ? (run.StateType, run.IsStopped, run.IsSuspended) : default));
        Assert.Equal(3, RecordedRuns.Read(flow.Flow, "run")!.Identity.Control.Count);
    }

    [Theory]
    [MemberData(nameof(WithFlow))]
    public void The_history_says_who_requested_what_and_why(bool hasFlow)
    {
        var flow = Begun();
        flow.Ask(RequestKind.Suspend, reason: "holidays", hasFlow: hasFlow);
        flow.Ask(RequestKind.Resume, hasFlow: hasFlow);
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Skipped, "b"));
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Stop, hasFlow: hasFlow);
        var course = RunHistory.Find(_store, "flow", "run")!;
        var asked = course.All.Where(change => change.RequestedBy is not null);
        string[] told = [.. asked.Select(change => $"{change.Step} {change.To} {change.RequestedBy} {change.Reason}: {change.Message}")];
        Assert.Equal(
            [
                "1 Paused alice@host holidays: Suspended by alice@host: holidays", "1 Pending alice@host : Resumed by alice@host",
                "1 Skipped alice@host : b set by alice@host", "2 Cancelled alice@host : Stopped by alice@host (too late: nothing changed)",
            ],
            told);
        Assert.All(course.Changes, change => Assert.NotEqual(string.Empty, change.Task));
        Assert.Equal(2, course.Steps.Count);
        Assert.All(course.Steps, step => Assert.NotNull(step.Ended));
    }

    [Fact]
    public void A_request_sent_twice_with_the_same_id_is_applied_once()
    {
        var flow = Begun();
        flow.Ask(RequestKind.Suspend, id: "1");
        flow.Ask(RequestKind.Resume, id: "2");
        flow.Ask(RequestKind.Suspend, id: "1");
        Assert.Equal((StateType.Pending, 2), RecordedRuns.Read(flow.Flow, "run") is { } run ? (run.StateType, run.Identity.Control.Count) : default);
    }

    [Fact]
    public void Applying_a_request_is_not_a_step_and_does_not_outdate_messages()
    {
        var flow = Begun();
        var message = flow.Travel(RecordedRuns.Read(flow.Flow, "run")!);
        flow.Ask(RequestKind.Suspend);
        flow.Ask(RequestKind.Resume);
        var outcome = flow.Recorded().Step(message);
        Assert.Equal((false, StateType.Success, 2), (outcome.IsLate, outcome.Run.StateType, outcome.Run.Step));
    }

    [Fact]
    public void Requests_recorded_since_override_a_callers_state()
    {
        var flow = Begun();
        var given = flow.Travel(RecordedRuns.Read(flow.Flow, "run")!);
        var edited = ControlExtensions.To(StateType.Skipped, "b").ToStateEdit().Of(ControlExtensions.To(StateType.Skipped, "c").ToStateEdit().Of(given));
        flow.Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Success, "b") with { HasResult = true, Result = 7 });

        var run = flow.Recorded().Step(edited).Run;
        Assert.Equal((StateType.Success, 7, StateType.Skipped), (run.Of("b").StateType, run.Of("b").Result, run.Of("c").StateType));
        var informed = ControlExtensions.To(StateType.Skipped, "b").ToStateEdit().Of(flow.Travel(run)); // a document that knows of it
        Assert.Equal(StateType.Skipped, flow.Recorded().Step(informed).Run.Of("b").StateType);
    }

    [Fact]
    public void A_request_of_a_dead_sender_is_applied_before_the_next_step()
    {
        var flow = Begun();
        flow.Leave(RequestKind.Suspend);
        Assert.True(flow.Recorded().Step("run").IsSuspended);
        flow.Leave(RequestKind.Resume);
        flow.Leave(RequestKind.Stop);
        Assert.Equal("run-1", flow.Recorded().Resume().RunId); // the stopped one is over
        Assert.Equal(3, RecordedRuns.Read(flow.Flow, "run")!.Identity.Control.Count);
        Assert.Equal(["a", "a", "b", "c"], flow.Ran);
    }

    [Fact]
    public void Without_the_flow_an_edit_and_later_requests_of_its_sender_wait()
    {
        var flow = Begun();
        flow.Leave(RequestKind.Edit, edit: ControlExtensions.To(StateType.Skipped, "b"));
        var pending = Assert.Throws<FlowException>(() => flow.Ask(RequestKind.Suspend, hasFlow: false, timeout: TimeSpan.FromSeconds(1)));
        Assert.Equal(FlowErrorId.RequestPending, pending.Id);
        var run = flow.Recorded().Step("run");
        Assert.Equal((StateType.Skipped, true), (run.Of("b").StateType, run.IsSuspended));
    }

    [Fact]
    public void Unreadable_or_newer_requests_stay_in_the_inbox_and_block_nothing()
    {
        var flow = Begun();
        var inbox = _store.Incarnation().Inbox;
        var files = new RunFiles(_store);
        files.Write($"{inbox}0-broken.json", "{"u8.ToArray());
        files.Write($"{inbox}0-later.json", """{"request":"x","kind":"Levitate","by":"bob","at":"2026-11-24T00:00:00Z"}"""u8.ToArray());
        flow.Ask(RequestKind.Suspend);
        Assert.Equal([$"{inbox}0-broken.json", $"{inbox}0-later.json"], files.List(inbox).Select(entry => entry.Path));
        Assert.True(flow.Recorded().Step("run").IsSuspended);
    }

    [Fact]
    public void Children_and_subflow_tasks_are_stopped_and_continue_where_they_were()
    {
        var inner = new TestFlow("inner").Task("x").Task("y", "x");
        var flow = new TestFlow(options: new() { Store = _store }).Task("list", _ => new[] { 1, 2, 3 });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("n", "list")] });
        flow.Flow.Add(new("sub", null) { Subflow = inner.Flow, After = ["each"] });
        flow.Recorded(maxTasks: 5).Step("run"); // list, three children, x
        var stopped = flow.Ask(RequestKind.Stop, hasFlow: false);
        Assert.Equal(StateType.Cancelled, stopped.StateType);
        var run = RecordedRuns.Read(flow.Flow, "run")!;
        Assert.Equal(StateType.Cancelled, run.Of("sub").StateType);
        Assert.Equal([StateType.Success, StateType.Cancelled], run.Of("sub").Subflow!.Types());
        flow.Ask(RequestKind.Resume, special: true, hasFlow: false);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["x", "y"], inner.Ran);
        Assert.Equal(["list", "each", "each", "each"], flow.Ran);
    }

    [Fact]
    public void Documents_say_that_their_run_is_suspended()
    {
        var flow = Begun();
        var run = flow.Ask(RequestKind.Suspend, reason: "why");
        Assert.All(
            [flow.Travel(run), CompactReader.Read(flow.Flow, CompactWriter.Write(run), ReadingOptions.Default).Run],
            read => Assert.Equal((true, "alice@host", "why", 1), (read.IsSuspended, read.RequestedBy, read.Reason, read.Identity.Control.Count)));
    }

    private TestFlow Begun()
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("a").Task("b", "a").Task("c", "b");
        flow.Recorded(maxTasks: 1).Step("run");
        return flow;
    }
}
