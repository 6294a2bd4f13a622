using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>The explored scenarios.</summary>
internal static class Scenarios
{
    private const string Run = "run";
    private static readonly FlowShape Chain = new("a", "b", "c");
    private static readonly FlowShape Pair = new("a", "b");

    // The schedule is due once in a simulation.
    private static readonly DateTimeOffset NightTime = TestFlow.Start + TimeSpan.FromSeconds(1);
    private static readonly string Night = ScheduledTime.IdOf(NightTime);
    private static readonly FlowShape Nightly = Pair with { Schedule = new([new IntervalRule(TimeSpan.FromDays(1), NightTime)], TimeZoneInfo.Utc, "UTC") };

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("two steps", Pair, [Run], Step(Pair), Step(Pair)),
        new("two steps in batches", Chain with { Durability = PrefectPS.Runs.FlowDurability.Batch }, [Run],
            Step(Chain with { Durability = PrefectPS.Runs.FlowDurability.Batch }), Step(Chain with { Durability = PrefectPS.Runs.FlowDurability.Batch })),
        new("two short steps", Pair, [Run], Step(Pair, maxTasks: 1), Step(Pair, maxTasks: 1)),
        new("steps without results of their own", Inline, [Run], Step(Inline), Step(Inline)),
        new("step and removal", Pair, [Run], Step(Pair), Remove()),
        new("short steps and removal", Chain, [Run], Then(Step(Chain, maxTasks: 1), Step(Chain, maxTasks: 1)), Remove()),
        new("step, removal and the same id anew", Chain, [Run], Step(Chain), Then(Remove(), Step(Chain, maxTasks: 1))),
        new("step, removal and all of the same id anew", Chain, [Run], Step(Chain), Then(Remove(), Step(Chain))),
        new("removal and the same id anew", Pair, [Run], Remove(), Step(Pair)) { Before = Step(Pair) },
        new("removal of an unfinished run and the same id anew", Pair, [Run], Remove(), Step(Pair)) { Before = Step(Pair, maxTasks: 1) },
        new("removal of a finished run and an edit by which it goes on", Pair, [Run], Remove(), Ask(Pair, AgainA)) { Before = Step(Pair) },
        new("a finished run goes on beside its removal", Pair, [Run], Then(Ask(Pair, AgainA), Step(Pair)), Remove()) { Before = Step(Pair) },
        new("a finished run goes on, and another step", Pair, [Run], Ask(Pair, AgainA), Step(Pair)) { Before = Step(Pair) },
        new("two removals", Pair, [Run], Remove(), Remove()) { Before = Step(Pair) },
        new("two steps with a target", Targeted, [Run], Step(Targeted), Step(Targeted)),
        new("two runs with one target", Targeted, [Run, "other"], Step(Targeted), Step(Targeted, runId: "other")),
        new("two steps that are forced, with a target", Forced, [Run], Step(Forced), Step(Forced)),
        new("two runs that are forced, with one target", Forced, [Run, "other"], Step(Forced), Step(Forced, runId: "other")) { Before = Step(Targeted, runId: "earlier") },
        new("two steps with a cache entry", Cached, [Run], Step(Cached), Step(Cached)),
        new("two runs with one cache entry", Cached, [Run, "other"], Step(Cached), Step(Cached, runId: "other")),
        new("step and reader", Pair, [Run], Step(Pair), Read(Pair)),
        new("short step and reader", Pair, [Run], Step(Pair), Read(Pair)) { Before = Step(Pair, maxTasks: 1) },
        new("removal and reader", Pair, [Run], Remove(), Read(Pair)) { Before = Step(Pair) },
        new("two steps that merge", Merging, [Run], Step(Merging), Step(Merging)),
        new("two short steps that merge", Merging, [Run], Step(Merging, maxTasks: 1), Step(Merging, maxTasks: 1)) { Before = Step(Merging, maxTasks: 1) },
        new("a step that merges and a reader", Merging, [Run], Step(Merging), Often(2, Read(Merging))) { Before = Step(Merging, maxTasks: 1) },
        new("a step that merges, removal and the same id anew", Merging, [Run], Step(Merging), Then(Remove(), Step(Merging))),
        new("a step asleep over many that merge", Merging, [Run], Step(Merging, maxTasks: 1), Often(5, Step(Merging, maxTasks: 1))) { Before = Step(Merging, maxTasks: 1) },
        new("two steps with a log", Logging, [Run], Step(Logging), Step(Logging)),
        new("two short steps with a log", Logging, [Run], Step(Logging, maxTasks: 1), Step(Logging, maxTasks: 1)) { Before = Step(Logging, maxTasks: 1) },
        new("two steps with much of a log", MuchLogging, [Run], Step(MuchLogging, maxTasks: 2), Step(MuchLogging, maxTasks: 2)) { Before = Step(MuchLogging, maxTasks: 1) },
        new("a step with a log asleep over many", Logging, [Run], Step(Logging, maxTasks: 1), Often(5, Step(Logging, maxTasks: 1))) { Before = Step(Logging, maxTasks: 1) },
        new("a step with a log and a reader", MuchLogging, [Run], Step(MuchLogging), Often(2, Read(MuchLogging))) { Before = Step(MuchLogging, maxTasks: 1) },
        new("a step with a log, removal and the same id anew", Logging, [Run], Step(Logging), Then(Remove(), Step(Logging))),
        new("step and stop", Chain, [Run], Step(Chain), Ask(Chain, Stop)) { Before = Step(Chain, maxTasks: 1) },
        new("step in batches and stop", Batched, [Run], Step(Batched), Ask(Batched, Stop)) { Before = Step(Batched, maxTasks: 1) },
        new("step and stop on a store far away", Remote, [Run], Step(Remote), Ask(Remote, Stop)) { Before = Step(Remote, maxTasks: 1) },
        new("step and edit on a store far away", Remote, [Run], Step(Remote), Ask(Remote, SetB, hasFlow: false)) { Before = Step(Remote, maxTasks: 1) },
        new("step and suspension", Chain, [Run], Step(Chain), Ask(Chain, Suspend, hasFlow: false)) { Before = Step(Chain, maxTasks: 1) },
        new("step and a stop that drains", Chain, [Run], Step(Chain), Ask(Chain, Drain, hasFlow: false)) { Before = Step(Chain, maxTasks: 1) },
        new("step and edit", Chain, [Run], Step(Chain), Ask(Chain, SetB)) { Before = Step(Chain, maxTasks: 1) },
        new("short step and edit of what is done", Chain, [Run], Step(Chain, maxTasks: 1), Ask(Chain, AgainA)) { Before = Step(Chain, maxTasks: 2) },
        new("two senders", Pair, [Run], Ask(Pair, Suspend, hasFlow: false), Ask(Pair, Stop)) { Before = Step(Pair, maxTasks: 1) },
        new("suspension and resumption", Pair, [Run], Then(Ask(Pair, Suspend), Ask(Pair, Resume)), Step(Pair)) { Before = Step(Pair, maxTasks: 1) },
        new("stop and edit that lifts it", Pair, [Run], Ask(Pair, SetB), Step(Pair)) { Before = Then(Step(Pair, maxTasks: 1), Ask(Pair, Stop)) },
        new("stop and removal", Pair, [Run], Ask(Pair, Stop), Remove()) { Before = Step(Pair, maxTasks: 1) },
        new("stop, removal and the same id anew", Pair, [Run], Ask(Pair, Stop, hasFlow: false), Then(Remove(), Step(Pair, maxTasks: 1))) { Before = Step(Pair, maxTasks: 1) },
        new("two that resume", Pair, [], Step(Pair, maxTasks: 1, runId: null), Step(Pair, maxTasks: 1, runId: null)),
        new("step and event", Awaiting, [Run], Step(Awaiting), Ask(Awaiting, Go)) { Before = Step(Awaiting, maxTasks: 1) },
        new("step and events from who has not the flow", Awaiting, [Run], Step(Awaiting), Then(Ask(Awaiting, Go, hasFlow: false), Ask(Awaiting, Go, hasFlow: false)))
        {
            Before = Step(Awaiting, maxTasks: 1),
        },
        new("two steps and an event that waits", Awaiting, [Run], Step(Awaiting), Step(Awaiting)) { Before = Then(Step(Awaiting, maxTasks: 1), Ask(Awaiting, Go)) },
        new("event and removal", Awaiting, [Run], Ask(Awaiting, Go), Remove()) { Before = Step(Awaiting, maxTasks: 1) },
        new("two callers of a schedule", Nightly, [Night], Call(), Call()) { Before = FirstCall },
        new("two callers of a schedule that take short steps", Nightly, [Night], Often(2, Call(maxTasks: 1)), Often(2, Call(maxTasks: 1))) { Before = FirstCall },
        new("callers of a schedule, and removal", Nightly, [Night], Often(2, Call()), Then(Remove(Night), Call())) { Before = FirstCall },
        new("callers of a schedule, and its run by its id", Nightly, [Night], Call(), Step(Nightly, runId: Night)) { Before = FirstCall },
        new("steps that merge, and requests", Merging, [Run], Often(3, Step(Merging, maxTasks: 1)), Then(Ask(Merging, Suspend, hasFlow: false), Ask(Merging, Resume)))
        {
            Before = Step(Merging, maxTasks: 1),
        },
    ];

    /// <summary>Resumes a stopped or suspended run.</summary>
    public static ControlRequest Resume(string id, DateTimeOffset at) => new(id, RequestKind.Resume, "sender", at) { IsSpecial = true };

    /// <summary>Event that the tasks wait for.</summary>
    public static ControlRequest Go(string id, DateTimeOffset at) => new(id, RequestKind.Event, "sender", at) { Event = new("go", "{\"n\":1}") };

    private static FlowShape Batched => Chain with { Durability = PrefectPS.Runs.FlowDurability.Batch };

    private static FlowShape Remote => Batched with { IsRemote = true };

    // Every record is merged with the next one, so that short schedules cover what happens in long runs.
    private static FlowShape Merging => new("a", "b", "c", "d", "e", "f") { Journal = new() { MaxTail = 2, KeptOpenings = 2 } };

    private static FlowShape Awaiting => new("a", "b", "c") { Awaiting = ["b", "c"] };

    // Log lines without other entries are written as soon as possible.
    private static FlowShape Logging => Merging with { Logs = true, Journal = Merging.Journal with { LogInterval = TimeSpan.Zero } };

    // Each step folds the log at its end.
    private static FlowShape MuchLogging => Logging with { Journal = new() { MaxLogInTail = 0, LogInterval = TimeSpan.Zero } };

    private static FlowShape Inline => Pair with { Checkpoints = false };

    private static FlowShape Targeted => Pair with { Target = "targets/a.json" };

    private static FlowShape Forced => Targeted with { IsForced = true };

    private static FlowShape Cached => Pair with { Caches = true };

    /// <summary>Four processes over a longer run: two take short steps, one removes and recreates the run, one reads.</summary>
    public static Scenario Crowd(FlowShape shape) => new(
        "crowd", shape, [Run], Often(3, Step(shape, maxTasks: 1)), Often(2, Step(shape, maxTasks: 2)), Then(Remove(), Step(shape)), Often(2, Read(shape)));

    /// <summary>Steps, and senders of various requests with and without the flow.</summary>
    public static Scenario Requests(FlowShape shape) => new(
        "requests", shape, [Run], Often(3, Step(shape, maxTasks: 1)), Step(shape), Then(Ask(shape, Suspend, hasFlow: false), Ask(shape, Resume)),
        Then(Ask(shape, SetB), Ask(shape, Stop)))
    {
        Before = Step(shape, maxTasks: 1),
    };

    public static Scenario Of(string name) => All.Single(scenario => scenario.Name == name);

    private static Action<SimulatedWorld, SimulatedProcess> Step(FlowShape shape, int? maxTasks = null, string? runId = Run) =>
        (world, process) => Programs.Step(world, process, shape, runId, maxTasks);

    private static ControlRequest Stop(string id, DateTimeOffset at) => new(id, RequestKind.Stop, "sender", at) { Reason = "test" };

    private static ControlRequest Drain(string id, DateTimeOffset at) => new(id, RequestKind.Stop, "sender", at) { IsSpecial = true };

    private static ControlRequest Suspend(string id, DateTimeOffset at) => new(id, RequestKind.Suspend, "sender", at);

    private static ControlRequest SetB(string id, DateTimeOffset at) =>
        new(id, RequestKind.Edit, "sender", at) { Edit = new(StateType.Success) { Tasks = ["b"], HasResult = true, Result = "set" } };

    private static ControlRequest AgainA(string id, DateTimeOffset at) => new(id, RequestKind.Edit, "sender", at) { Edit = new(StateType.Pending) { Tasks = ["a"] } };

    private static Action<SimulatedWorld, SimulatedProcess> Ask(FlowShape shape, Func<string, DateTimeOffset, ControlRequest> request, bool hasFlow = true) =>
        (world, process) => Programs.Ask(world, process, shape, Run, request, hasFlow);

    private static Action<SimulatedWorld, SimulatedProcess> Remove(string runId = Run) => (world, process) => Programs.Remove(world, process, runId);

    private static Action<SimulatedWorld, SimulatedProcess> Call(int? maxTasks = null) =>
        (world, process) => Programs.Step(world, process, Nightly, Night, maxTasks, resumes: true);

    // Records the schedule before it is due.
    private static void FirstCall(SimulatedWorld world, SimulatedProcess process)
    {
        Call()(world, process);
        Programs.Wait(world, process, TimeSpan.FromSeconds(2));
    }

    private static Action<SimulatedWorld, SimulatedProcess> Read(FlowShape shape) => (world, process) => Programs.Read(world, process, shape, Run);

    private static Action<SimulatedWorld, SimulatedProcess> Then(Action<SimulatedWorld, SimulatedProcess> first, Action<SimulatedWorld, SimulatedProcess> second) =>
        (world, process) =>
        {
            first(world, process);
            second(world, process);
        };

    private static Action<SimulatedWorld, SimulatedProcess> Often(int times, Action<SimulatedWorld, SimulatedProcess> program) => (world, process) =>
    {
        for (var i = 0; i < times; i++)
            program(world, process);
    };
}
