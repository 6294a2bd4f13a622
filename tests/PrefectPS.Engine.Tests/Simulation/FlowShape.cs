using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>The flow that all processes of a simulation have: a chain of tasks, each of whose bodies returns what no other execution does.</summary>
/// <param name="Tasks">The tasks, each after the one before.</param>
internal sealed record FlowShape(params string[] Tasks)
{
    public const string Name = "flow";

    /// <summary>Where the first task's result is written; null for no target.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the first task keeps its result for other runs.</summary>
    public bool Caches { get; init; }

    /// <summary>Whether all tasks are forced to run, whatever is at their targets.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether results are objects of their own.</summary>
    public bool Checkpoints { get; init; } = true;

    /// <summary>When steps keep their progress.</summary>
    public FlowDurability Durability { get; init; } = FlowDurability.Task;

    /// <summary>How short the journal is kept.</summary>
    public JournalOptions Journal { get; init; } = JournalOptions.Default;

    /// <summary>The tasks that wait for an event; they all wait for one of the same name, and come after no other task.</summary>
    public string[] Awaiting { get; init; } = [];

    /// <summary>Whether bodies write lines.</summary>
    public bool Logs { get; init; }

    /// <summary>Whether calls of the store are dear, so that a step looks for requests as often as it renews its lease.</summary>
    public bool IsRemote { get; init; }

    /// <summary>When runs begin; null for no schedule.</summary>
    public FlowSchedule? Schedule { get; init; }

    /// <summary>The store as one process has it.</summary>
    public IFlowStore StoreOf(SimulatedProcess process) => IsRemote ? process.Store : new LocalConnection(process.Store);

    /// <summary>The flow as one process defines it.</summary>
    public Flow Define(SimulatedWorld world, SimulatedProcess process)
    {
        var services = ServicesOf(world, process);
        var flow = new Flow(Name, services, new() { Store = StoreOf(process), Checkpoints = Checkpoints, Schedule = Schedule });
        for (var i = 0; i < Tasks.Length; i++)
        {
            var task = Tasks[i];
            flow.Add(new(task, TestFlow.Body((context, _) => Run(world, process, task, context)))
            {
                After = i == 0 || Awaiting.Contains(task) ? [] : [Tasks[i - 1]],
                Event = Awaiting.Contains(task) ? new("go") : null,
                Target = i == 0 ? Target : null,
                Cache = i == 0 && Caches ? new CachePolicy(TimeSpan.FromDays(1)) : null,
            });
        }

        return flow;
    }

    /// <summary>What the engine takes from the simulation.</summary>
    public FlowServices ServicesOf(SimulatedWorld world, SimulatedProcess process) => new()
    {
        Journal = Journal,
        Clock = process.Clock,
        NewRunId = start => $"{start.UtcTicks}-{process.Name}",
        Chance = () => 0.5,
        NewId = world.NewId,
        Sleep = (time, _) => world.Sleep(process, time),
    };

    private string Run(SimulatedWorld world, SimulatedProcess process, string task, FlowContext context)
    {
        var execution = new Execution(process.Operation!, task, $"{task} by {process.Name}, {world.Executions.Count}", world.NextMoment());
        world.Executions.Add(execution);
        if (Logs)
            _ = context.Output!.Take(FlowLogSource.Host, execution.FirstLine);
        world.Pass(process, new("body", task));
        if (Logs)
            _ = context.Output!.Take(FlowLogSource.Host, execution.LastLine);
        execution.Ended = world.NextMoment();
        return execution.Value;
    }
}
