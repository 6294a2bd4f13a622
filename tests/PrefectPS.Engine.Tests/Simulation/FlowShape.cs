using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>The flow that all processes of a simulation run: a chain of tasks whose bodies return a value unique per execution.</summary>
/// <param name="Tasks">Slugs of the tasks, each downstream of the previous one.</param>
internal sealed record FlowShape(params string[] Tasks)
{
    public const string Name = "flow";

    /// <summary>Target of the first task; null for none.</summary>
    public string? Target { get; init; }

    /// <summary>True if the first task is cached.</summary>
    public bool Caches { get; init; }

    /// <summary>True if all tasks are forced to run, even if their target exists.</summary>
    public bool IsForced { get; init; }

    /// <summary>True if results are stored as separate objects.</summary>
    public bool Checkpoints { get; init; } = true;

    /// <summary>When steps record their progress.</summary>
    public FlowDurability Durability { get; init; } = FlowDurability.Task;

    /// <summary>Merge thresholds of the journal.</summary>
    public JournalOptions Journal { get; init; } = JournalOptions.Default;

    /// <summary>Tasks that wait for an event, all of the same name; they have no upstream tasks.</summary>
    public string[] Awaiting { get; init; } = [];

    /// <summary>True if bodies write log lines.</summary>
    public bool Logs { get; init; }

    /// <summary>True if store calls are slow, so that a step polls for requests as often as it renews its lease.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Schedule of the runs; null for none.</summary>
    public FlowSchedule? Schedule { get; init; }

    /// <summary>Store connection of a process.</summary>
    public IFlowStore StoreOf(SimulatedProcess process) => IsRemote ? process.Store : new LocalConnection(process.Store);

    /// <summary>Builds the flow for one process.</summary>
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

    /// <summary>Engine services of the simulation.</summary>
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
