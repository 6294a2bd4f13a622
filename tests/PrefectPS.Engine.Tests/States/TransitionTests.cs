using System.Reflection;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.States;

/// <summary>Fields kept by each state transition.</summary>
public class TransitionTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly DateTimeOffset Now = TestFlow.Start.AddHours(5);
    private static readonly State[] OtherChildren = [State.CancelledByBudget];
    private static readonly MapGoal Goal = new(3, 0.5);

    // Both the original and the given state have every field set.
    private static readonly TaskProgress Full = new()
    {
        Attempt = 3,
        IsResumed = true,
        ForceRerun = true,
        LoopCount = 4,
        LoopResult = TaskResult.Of("pass"),
        Event = new("given") { Id = "1", By = "me", Payload = "{}" },
        Wait = new() { Until = Now, HasPolled = true },
        Crashes = [new(2, "web1")],
        Goal = Goal,
        Undo = new(UndoPhase.Due) { Attempt = 2 },
        SubflowRun = new TestFlow("inner").Task("a").RunAll(),
    };

    private const string Whole =
        "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Children Prefect";

    private static readonly AwaitedEvent Waiting = new("waiting") { Until = Now };

    private static readonly FlowState Unfinished = new TestFlow("other").Task("a").New();

    private static readonly State Given = Fill(StateType.Failed, "given", Full, [State.NotRun, State.Starting]);

    private static readonly State Taken = Fill(
        StateType.Success, "taken state", new()
        {
            Attempt = 8,
            LoopCount = 9,
            LoopResult = TaskResult.Of("taken"),
            Event = new("taken"),
            Wait = new(),
            Crashes = [new(8, "web8")],
            Goal = new(AtLeast: 1, AtMostFailed: null),
            Undo = new(UndoPhase.Failed) { Attempt = 8 },
            SubflowRun = Unfinished
        }, [new(StateType.Success)]);

    // Operation, its call, and the fields kept from the original state; further expectations follow.
    private static readonly Case[] Cases =
    [
        new(nameof(State.Map), _ => State.Map(OtherChildren, Goal), "Goal", Type: "Mapped", Message: "Ready to proceed with mapping.", Children: "1",
            Attempt: "1", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.Map), _ => State.Map(OtherChildren, goal: null), "", Type: "Mapped", Message: "Ready to proceed with mapping.", Children: "1",
            Attempt: "1", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.LeaveOut), _ => State.LeaveOut("left out", Goal), "Goal", Type: "Skipped", Message: "left out",
            Attempt: "1", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.Reinstate), s => s.Reinstate(), "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes SubflowRun", Type: "Pending"),
        new(nameof(State.Reopen), s => (s with { Children = [State.LeaveOut("left out", Goal)] }).Reopen(),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Prefect", Children: "1"),
        new(nameof(State.WithGoal), s => s.WithGoal(null),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes SubflowRun Type Message Result Error DueTime Started Ended Children Prefect"),
        new(nameof(State.Start), s => s.Start(6, false, Now),
            "ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Attempt: "6", IsResumed: "False", Type: "Running", Message: "Starting task run.", Started: "now"),
        new(nameof(State.Start), s => s.Start(6, false, Now, new()),
            "ForceRerun LoopCount LoopResult Event Crashes Goal SubflowRun", Attempt: "6", IsResumed: "False", Type: "Running", Message: "Starting task run.", Started: "now",
            Wait: "begun"),
        new(nameof(State.Delay), s => s.Delay(TimeSpan.FromHours(5), Now, 7, false),
            "ForceRerun LoopCount LoopResult Event Crashes Goal SubflowRun", Attempt: "7", IsResumed: "False", Type: "Scheduled", Message: "Delayed by 05:00:00.", DueTime: "now",
            Wait: "begun"),
        new(nameof(State.PollOn), s => s.PollOn(Now, Now),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Goal Undo SubflowRun Started", Type: "Scheduled", Message: "Polling until 2026-11-24 13:30:15Z.", DueTime: "now",
            Ended: "now"),
        new(nameof(State.PollOn), _ => Plain.PollOn(Now, Now),
            "", Type: "Scheduled", Message: "Polling.", Attempt: "1", IsResumed: "False", ForceRerun: "False", LoopCount: "1", DueTime: "now", Ended: "now", Wait: "polled"),
        new(nameof(State.RunAlone), s => s.RunAlone(new(3, "web2")),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Goal Undo SubflowRun Type Message Result Error DueTime Started Ended Children Prefect", Crashes: "2"),
        new(nameof(State.End), s => s.End(Taken, Now),
            "Attempt IsResumed LoopCount LoopResult Event Crashes Goal Started", "Type Message Result Error DueTime Children Prefect SubflowRun", ForceRerun: "False",
            Ended: "now"),
        new(nameof(State.End), s => s.End(Taken with { Type = StateType.Failed }, Now),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal Started Type", "Message Result Error DueTime Children Prefect SubflowRun", Ended: "now"),
        new(nameof(State.End), s => s.End(Taken with { Type = StateType.Paused }, Now),
            "Attempt ForceRerun LoopCount LoopResult Event Wait Crashes Goal Started", "Message Result Error DueTime Children Prefect SubflowRun", IsResumed: "False", Type: "Paused",
            Ended: "now"),
        new(nameof(State.End), s => s.End(Taken with { Type = StateType.Cancelled }, Now),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal Started", "Message Result Error DueTime Children Prefect SubflowRun",
            Type: "Cancelled", Ended: "now"),
        new(nameof(State.End), s => s.End((Taken with { Type = StateType.Cancelled }).WithSubflow(Full.SubflowRun!), Now),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal Started SubflowRun", "Message Result Error DueTime Children Prefect",
            Type: "Cancelled", Ended: "now", HasEndedItself: "True"),
        new(nameof(State.Succeed), s => s.Succeed(Taken.Result, Now),
            "Attempt IsResumed LoopCount LoopResult Event Crashes Goal Started", "Type Result", Message: StateMessages.Succeeded, ForceRerun: "False", Ended: "now"),
        new(nameof(State.EndWithoutBody), s => s.EndWithoutBody(Taken with { Type = StateType.Paused }, 7),
            "ForceRerun LoopCount LoopResult Event Wait Crashes", "Message Goal Result Error DueTime Started Ended Children Prefect", Attempt: "7", Type: "Paused", IsResumed: "False"),
        new(nameof(State.EndWithoutBody), s => s.EndWithoutBody(Taken with { Type = StateType.Cancelled }, 7),
            "Attempt ForceRerun LoopCount LoopResult Event Crashes", "Message Goal Result Error DueTime Started Ended Children Prefect",
            Type: "Cancelled", IsResumed: "False", HasEndedItself: "True"),
        new(nameof(State.EndWithoutBody), s => s.EndWithoutBody(Taken, 7),
            "Attempt ForceRerun LoopCount LoopResult Event Crashes", "Type Message Goal Result Error DueTime Started Ended Children Prefect", IsResumed: "False"),
        new(nameof(State.EndWithSubflow), s => s.EndWithSubflow(Taken),
            "Attempt ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", "Type Message Result Error DueTime Started Ended Children Prefect", IsResumed: "False"),
        new(nameof(State.Find), s => s.Find(Taken),
            "Attempt", "Type Message Result Error DueTime Started Ended Children Prefect", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.FailToWrite), s => s.FailToWrite("disk", Taken.Error!, forceRerun: false),
            "HasEndedItself Attempt IsResumed LoopCount LoopResult Event Wait Crashes Goal SubflowRun DueTime Started Ended Children Prefect Type", "Error", ForceRerun: "False",
            Message: "disk"),
        new(nameof(State.Replace), s => s.Replace(Taken),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Started Ended", "Type Message Result Error DueTime Prefect"),
        new(nameof(State.Replace), s => s.Replace(Taken with { Type = StateType.Mapped }),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Started Ended Children", "Message Result Error DueTime Prefect", Type: "Mapped"),
        new(nameof(State.Replace), s => s.Replace(Taken with { Type = StateType.Pending }),
            "Attempt ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Started Ended", "Message Result Error DueTime Prefect", IsResumed: "False", Type: "Pending"),
        new(nameof(State.Retry), s => s.Retry("again", Now),
            "Attempt ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Started Ended", IsResumed: "False", Type: "Retrying", Message: "again", DueTime: "now"),
        new(nameof(State.Await), s => s.Await(Waiting, 7, true),
            "IsResumed ForceRerun LoopCount LoopResult Wait Crashes Goal SubflowRun", Type: "Paused", Attempt: "7", Event: "waiting", DueTime: "now",
            Message: "Waiting for event 'waiting' until 2026-11-24 13:30:15Z."),
        new(nameof(State.AwaitPlaces), s => s.AwaitPlaces(Taken with { Type = StateType.Scheduled }, 7, true),
            "IsResumed ForceRerun LoopCount LoopResult Event Crashes Goal SubflowRun Wait", "Message Result Error DueTime Started Ended Children Prefect", Type: "Scheduled",
            Attempt: "7"),
        new(nameof(State.Receive), s => s.Receive(Waiting with { Id = "2", By = "you" }, 7, true),
            "IsResumed ForceRerun LoopCount LoopResult Wait Crashes Goal SubflowRun", Type: "Pending", Attempt: "7", Event: "waiting 2", Message: "Event 'waiting' from you."),
        new(nameof(State.DropPayload), s => (s with { Children = null }).DropPayload(),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Prefect",
            Event: "given 1 left out"),
        new(nameof(State.DropPayload), s => (s with { Type = StateType.Cancelled, HasEndedItself = false, WasStopped = false }).DropPayload(),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Message Result Error DueTime Started Ended Children Prefect", Type: "Cancelled"),
        new(nameof(State.Postpone), s => s.Await(Waiting, 3, false).Postpone(StateType.Resume, "go"),
            "Attempt ForceRerun LoopCount LoopResult Wait Crashes Goal SubflowRun", Type: "Resume", Message: "go", IsResumed: "False", Event: "waiting waived"),
        new(nameof(State.Postpone), s => s.Await(Waiting, 3, true).Postpone(StateType.Scheduled, "later"),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Wait Crashes Goal SubflowRun", Type: "Scheduled", Message: "later", Event: "waiting"),
        new(nameof(State.NextPass), s => s.NextPass(),
            "HasEndedItself Attempt IsResumed ForceRerun Goal Undo SubflowRun Error DueTime Started Ended Children Prefect", Type: "Pending", Message: "Looping task (on loop index 5)",
            LoopCount: "5",
            LoopResult: "given", Wait: "begun"),
        new(nameof(State.RestartLoop), s => s.RestartLoop(),
            "HasEndedItself Attempt IsResumed ForceRerun Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Children Prefect", LoopCount: "1"),
        new(nameof(State.CancelByBudget), s => s.CancelByBudget(),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Cancelled", Message: "Flow run is cancelled"),
        new(nameof(State.Stop), s => s.Stop("stopped"),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun HasEndedItself", Type: "Cancelled", Message: "stopped"),
        new(nameof(State.MarkForUndo), s => s.MarkForUndo(),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Goal SubflowRun Type Message Result Error DueTime Started Ended Children Prefect", Undo: "Due 1"),
        new(nameof(State.DropUndo), s => s.DropUndo(), Whole, Undo: "none"),
        new(nameof(State.AwaitUndo), s => s.AwaitUndo(Now), Whole, Undo: "Due 2 now"),
        new(nameof(State.RetryUndo), s => s.RetryUndo(new("locked"), Now), Whole, Undo: "Due 3 now locked"),
        new(nameof(State.FailUndo), s => s.FailUndo(new("locked")), Whole, Undo: "Failed 2 locked"),
        new(nameof(State.EndUndo), s => s.EndUndo(),
            "Attempt SubflowRun Started Ended", Type: "Cancelled", Message: "The task was undone.", IsResumed: "False", ForceRerun: "False", LoopCount: "1",
            HasEndedItself: "True", Undo: "Done 1"),
        new(nameof(State.Restart), s => s.Restart(), "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Pending"),
        new(nameof(State.Requeue), s => s.Requeue(), "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Pending"),
        new(nameof(State.Remap), _ => State.Remap(), "ForceRerun", Type: "Pending", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.NewChild), _ => State.NewChild(forceRerun: true, isResumed: false),
            "ForceRerun", Type: "Pending", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.NewChild), _ => State.NewChild(forceRerun: false, isResumed: true),
            "IsResumed", Type: "Pending", Attempt: "1", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.NewChild), _ => State.NewChild(forceRerun: false, isResumed: false),
            "", Type: "Pending", Attempt: "1", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.Read), s => State.Read(StateType.Failed, "given", s.Progress),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message"),
        new(nameof(State.Recompute), s => s.Recompute(), "Attempt IsResumed ForceRerun Event Wait Crashes Goal SubflowRun", Type: "Pending", LoopCount: "1"),
        new(nameof(State.Recompute), s => Plain.Recompute(),
            "", Type: "Pending", Attempt: "1", IsResumed: "False", ForceRerun: "True", LoopCount: "1"),
        new(nameof(State.ForcingRerun), s => s.ForcingRerun(),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Children Prefect"),
        new(nameof(State.ForcingRerun), _ => State.NotRun.ForcingRerun(),
            "", Type: "Pending", Attempt: "1", IsResumed: "False", ForceRerun: "True", LoopCount: "1"),
        new(nameof(State.Reset), s => s.Reset("reset"),
            "ForceRerun SubflowRun", Type: "Pending", Message: "reset", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Reset), s => s.Reset("reset", isStale: true),
            "ForceRerun", Type: "Pending", Message: "reset", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Reset), s => (s with { Type = StateType.Success }).Reset("reset"),
            "ForceRerun", Type: "Pending", Message: "reset", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Reset), s => (s with { Type = StateType.Cancelled }).Reset("reset"),
            "ForceRerun SubflowRun", Type: "Pending", Message: "reset", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Reset), s => (s with { Type = StateType.Cancelled, HasEndedItself = false }).Reset("reset"),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes SubflowRun", Type: "Pending", Message: "reset", Undo: "none"),
        new(nameof(State.Reset), _ => Plain.Reset(null), "", Type: "Pending", Attempt: "1", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.Reset), _ => (Plain with { Type = StateType.Success }).Reset(null),
            "", Type: "Pending", Attempt: "1", IsResumed: "False", ForceRerun: "True", LoopCount: "1"),
        new(nameof(State.Postpone), s => s.Postpone(StateType.Scheduled, "later"),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Scheduled", Message: "later"),
        new(nameof(State.Postpone), s => (Plain with { Type = StateType.Resume }).Postpone(StateType.Scheduled, "later"),
            "", Type: "Scheduled", Message: "later", Attempt: "1", IsResumed: "True", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.Postpone), s => s.Postpone(StateType.Paused, "later"),
            "Attempt ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Paused", Message: "later", IsResumed: "False"),
        new(nameof(State.Edit), s => s.Edit(StateType.Pending, "reset", isStale: false),
            "ForceRerun SubflowRun", Type: "Pending", Message: "reset", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Edit), s => (s with { Type = StateType.Paused, Children = null }).Edit(StateType.Scheduled, "later", isStale: false),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Scheduled", Message: "later"),
        new(nameof(State.Edit), s => s.Edit(StateType.Success, "done", isStale: false),
            "Attempt", Type: "Success", Message: "done", IsResumed: "False", ForceRerun: "False", LoopCount: "1"),
        new(nameof(State.Edit), s => s.Edit(StateType.Failed, "bad", isStale: false),
            "Attempt ForceRerun", Type: "Failed", Message: "bad", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Edit), s => (s with { Type = StateType.Pending, Children = null }).Edit(StateType.Cancelled, "off", isStale: false),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun", Type: "Cancelled", Message: "off"),
        new(nameof(State.Edit), s => (s with { Type = StateType.Pending, Children = null }).Edit(StateType.Cancelled, "off", isStale: true),
            "Attempt ForceRerun", Type: "Cancelled", Message: "off", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.Edit), _ => (Plain with { Type = StateType.Success }).Edit(StateType.Cancelled, "bad", isStale: false),
            "", Type: "Cancelled", Message: "bad", Attempt: "1", IsResumed: "False", ForceRerun: "True", LoopCount: "1"),
        new(nameof(State.Edit), s => (s with { Type = StateType.Success }).Edit(StateType.Scheduled, "later", isStale: false),
            "ForceRerun", Type: "Scheduled", Message: "later", Attempt: "1", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.ResetTo), s => s.ResetTo(StateType.Retrying, "later", isStale: false),
            "Attempt ForceRerun SubflowRun", Type: "Retrying", Message: "later", IsResumed: "False", LoopCount: "1"),
        new(nameof(State.ResetTo), s => (Plain with { Type = StateType.Success }).ResetTo(StateType.Resume, "on", isStale: false),
            "", Type: "Resume", Message: "on", Attempt: "1", IsResumed: "False", ForceRerun: "True", LoopCount: "1"),
        new(nameof(State.Replace), s => (s with { Type = StateType.Looped, HasEndedItself = false }).Replace(new(StateType.Cancelled)),
            "Attempt IsResumed ForceRerun Goal Undo SubflowRun Started Ended", Type: "Cancelled", LoopCount: "5", LoopResult: "given", Wait: "begun"),
        new(nameof(State.WithSubflow), s => s.WithSubflow(Unfinished),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal Type Message Result Error DueTime Started Ended Children Prefect", "SubflowRun"),
        new(nameof(State.Park), s => s.Park(Unfinished),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal Started", "SubflowRun", Type: "Pending", Message: "Subflow 'other': 1 of 1 tasks still to run."),
        new(nameof(State.ChangeSubflow), s => s.ChangeSubflow(Unfinished),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal Started", "SubflowRun", Type: "Pending", Message: "Subflow 'other': 1 of 1 tasks still to run."),
        new(nameof(State.ChangeSubflow), s => s.ChangeSubflow(s.SubflowRun!),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Children Prefect"),
        new(nameof(State.ChangeSubflow), s => (s with { Type = StateType.Running }).ChangeSubflow(s.SubflowRun!),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Started", Type: "Pending", Message: "Subflow 'inner': All reference tasks succeeded."),
        new(nameof(State.FollowSubflow), s => s.FollowSubflow(s.SubflowRun!),
            "Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Started", Type: "Pending", Message: "Subflow 'inner': All reference tasks succeeded."),
        new(nameof(State.AsSecret), s => s.AsSecret(),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount Event Wait Crashes Goal SubflowRun Type Message Error DueTime Started Ended Prefect", Result: "given",
            LoopResult: "pass", Children: "2"),
        new(nameof(State.WithChildren), s => s.WithChildren(OtherChildren),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended Prefect", Children: "1"),
        new(nameof(State.ReadChildren), s => s.ReadChildren(OtherChildren),
            "HasEndedItself Attempt IsResumed ForceRerun LoopCount LoopResult Event Wait Crashes Goal SubflowRun Type Message Result Error DueTime Started Ended", Children: "1",
            Prefect: "given of none"),
    ];

    private static State Plain => State.Read(StateType.Failed, "plain", TaskProgress.Initial);

    public static TheoryData<int, string> All { get; } = new(Cases.Select((each, i) => (i, each.Operation)));

    [Theory]
    [MemberData(nameof(All))]
    public void Transitions_keep_progress_by_their_rules(int index, string operation)
    {
        var each = Cases[index];
        var made = each.Make(Given);
        foreach (var field in Fields)
        {
            var value = field.Get(made);
            if (each.Kept.Contains(field.Name))
                Assert.True(Equals(value, field.Get(Given)), $"{operation}: {field.Name} is kept, and is '{Show(value)}'");
            else if (each.Taken.Contains(field.Name))
                Assert.True(Equals(value, field.Get(Taken)), $"{operation}: {field.Name} is that of the state taken, and is '{Show(value)}'");
            else
                Assert.Equal((operation, field.Name, each.Others.GetValueOrDefault(field.Name, "none")), (operation, field.Name, Show(value)));
        }
    }

    [Fact]
    public void Every_operation_has_a_rule() => Assert.Equal(
        typeof(State).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(State) && !method.IsPrivate && !method.IsSpecialName && !method.Name.Contains('<', StringComparison.Ordinal))
            .Select(method => method.Name).Distinct().Order(StringComparer.Ordinal),
        Cases.Select(each => each.Operation).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_property_is_set_in_the_tested_states()
    {
        Assert.All(Fields, field => Assert.NotEqual(field.Get(Plain with { Type = StateType.Pending, Message = null }), field.Get(Given)));
        Assert.All(Fields.Where(field => field.Name is not ("IsResumed" or "ForceRerun")), field => Assert.NotEqual(field.Get(Taken), field.Get(Given)));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)] // successes in the subflow are kept
    [InlineData(true, true, true)]
    public void A_failed_task_that_is_reset_is_forced_to_run_where_its_subflow_is_stale(bool isStale, bool hasSubflow, bool isForced)
    {
        var failed = State.Read(StateType.Failed, "failed", new() { SubflowRun = hasSubflow ? Unfinished : null });
        Assert.Equal(isForced, failed.Reset("again", isStale).ForceRerun);
    }

    [Fact]
    public void A_state_without_progress_shares_the_initial_one()
    {
        Assert.Same(TaskProgress.Initial, State.Read(StateType.Pending, null, new()).Progress);
        Assert.Same(TaskProgress.Initial, Plain.Start(1, false, Now).End(new(StateType.Success), Now).Progress);
        Assert.Same(TaskProgress.Initial, State.NewChild(forceRerun: true, isResumed: false).Start(1, false, Now).End(new(StateType.Success), Now).Progress);
    }

    [Fact]
    public void Succeed_equals_End_with_a_Success()
    {
        var result = TaskResult.Of("made");
        State[] before = [Given, Plain, State.NotRun.Start(2, true, Now)];
        Assert.All(before, state => Assert.Equal(state.End(new(StateType.Success, StateMessages.Succeeded) { Result = result }, Now), state.Succeed(result, Now)));
    }

    [Fact]
    public void Only_transitions_can_set_progress() =>
        Assert.True(typeof(State).GetProperty(nameof(State.Progress), Any)!.SetMethod!.IsPrivate);

    private static IReadOnlyList<(string Name, Func<State, object?> Get)> Fields { get; } =
    [
        .. typeof(State).GetProperties(Any).Where(property => property.CanWrite && property.Name != nameof(State.Progress))
            .Select(property => (property.Name, (Func<State, object?>)(state => property.GetValue(state)))),
        .. typeof(TaskProgress).GetProperties(Any).Where(property => property.CanWrite)
            .Select(property => (property.Name, (Func<State, object?>)(state => property.GetValue(state.Progress)))),
    ];

    private static State Fill(StateType type, string text, TaskProgress progress, State[] children) => State.Read(type, text, progress) with
    {
        Result = TaskResult.Of(text),
        Error = new(text),
        DueTime = TestFlow.Start.AddMinutes(text.Length),
        Started = TestFlow.Start.AddMinutes(2 * text.Length),
        Ended = TestFlow.Start.AddMinutes(3 * text.Length),
        Children = children,
        Prefect = new() { MapCount = 3, ResultType = text },
        HasEndedItself = text == "given",
        WasStopped = text == "given",
    };

    private static string Show(object? value) => value switch
    {
        null => "none",
        TaskResult result => $"{result.Value}",
        DateTimeOffset time => time == Now ? "now" : $"{time:O}",
        State[] children => $"{children.Length}",
        PrefectFields fields => $"{fields.ResultType} of {fields.MapCount?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}",
        IReadOnlyList<TaskCrash> crashes => $"{crashes.Count}",
        TaskWait wait => wait.Until is { } until ? $"until {until:O}" : wait.HasPolled ? "polled" : "begun",
        TaskUndo undo => $"{undo.Phase} {undo.Attempt}{(undo.DueTime is { } due ? $" {Show(due)}" : "")}{(undo.Error is { } error ? $" {error.Message}" : "")}",
        AwaitedEvent awaited => $"{awaited.Name} {awaited.Id}{(awaited.IsWaived ? "waived" : "")}{(awaited.IsLeftOut ? " left out" : "")}".TrimEnd(),
        _ => $"{value}",
    };

    private sealed record Case(string Operation, Func<State, State> Make, string Lasts, string FromTaken = "",
        string? Attempt = null, string? IsResumed = null, string? ForceRerun = null, string? LoopCount = null, string? LoopResult = null,
        string? Type = null, string? Message = null, string? Result = null, string? DueTime = null, string? Started = null, string? Ended = null,
        string? Children = null, string? Prefect = null, string? HasEndedItself = null, string? Event = null, string? Crashes = null, string? Wait = null, string? Undo = null)
    {
        // The mark of a stopped run is kept with the end, and the undo progress with the crashes, unless specified otherwise.
        public string[] Kept { get; } = Lasts.Replace(nameof(HasEndedItself), $"{nameof(HasEndedItself)} {nameof(State.WasStopped)}", StringComparison.Ordinal)
            .Replace(nameof(Crashes), Undo is null ? $"{nameof(Crashes)} {nameof(Undo)}" : nameof(Crashes), StringComparison.Ordinal).Split(' ');

        public string[] Taken { get; } = FromTaken.Split(' ');

        public Dictionary<string, string> Others { get; } = new (string Name, string? Value)[]
        {
            (nameof(Attempt), Attempt), (nameof(IsResumed), IsResumed), (nameof(ForceRerun), ForceRerun), (nameof(LoopCount), LoopCount), (nameof(LoopResult), LoopResult),
            (nameof(Type), Type), (nameof(Message), Message), (nameof(Result), Result), (nameof(DueTime), DueTime), (nameof(Started), Started), (nameof(Ended), Ended),
            (nameof(Children), Children), (nameof(Prefect), Prefect), (nameof(HasEndedItself), HasEndedItself ?? "False"), (nameof(Event), Event), (nameof(Wait), Wait),
            (nameof(Crashes), Crashes ?? "0"),
            (nameof(State.WasStopped), "False"), (nameof(Undo), Undo),
        }.Where(field => field.Value is not null).ToDictionary(field => field.Name, field => field.Value!);
    }
}
