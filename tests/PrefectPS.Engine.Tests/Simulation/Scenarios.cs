namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>The scenarios that are explored.</summary>
internal static class Scenarios
{
    private const string Run = "run";
    private static readonly FlowShape Chain = new("a", "b", "c");
    private static readonly FlowShape Pair = new("a", "b");

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
        new("two that resume", Pair, [], Step(Pair, maxTasks: 1, runId: null), Step(Pair, maxTasks: 1, runId: null)),
    ];

    // Every record is merged with the next one, so that a short schedule has what a long run has.
    private static FlowShape Merging => new("a", "b", "c", "d", "e", "f") { Journal = new() { MaxTail = 2, KeptOpenings = 2 } };

    private static FlowShape Inline => Pair with { Checkpoints = false };

    private static FlowShape Targeted => Pair with { Target = "targets/a.json" };

    private static FlowShape Forced => Targeted with { IsForced = true };

    private static FlowShape Cached => Pair with { Caches = true };

    /// <summary>Four processes over a longer run: two that take short steps, one that removes the run and begins anew, one that reads.</summary>
    public static Scenario Crowd(FlowShape shape) => new(
        "crowd", shape, [Run], Often(3, Step(shape, maxTasks: 1)), Often(2, Step(shape, maxTasks: 2)), Then(Remove(), Step(shape)), Often(2, Read(shape)));

    public static Scenario Of(string name) => All.Single(scenario => scenario.Name == name);

    private static Action<SimulatedWorld, SimulatedProcess> Step(FlowShape shape, int? maxTasks = null, string? runId = Run) =>
        (world, process) => Programs.Step(world, process, shape, runId, maxTasks);

    private static Action<SimulatedWorld, SimulatedProcess> Remove() => (world, process) => Programs.Remove(world, process, Run);

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
