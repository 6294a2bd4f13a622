namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Processes that work on the same runs.</summary>
/// <param name="Name">Name of the scenario.</param>
/// <param name="Shape">The flow.</param>
/// <param name="RunIds">Run ids; empty if processes select any unfinished run.</param>
/// <param name="Programs">Program of each process: A, B and so on.</param>
internal sealed record Scenario(string Name, FlowShape Shape, string[] RunIds, params Action<SimulatedWorld, SimulatedProcess>[] Programs)
{
    /// <summary>Setup, executed without interference.</summary>
    public Action<SimulatedWorld, SimulatedProcess>? Before { get; init; }

    /// <summary>Executes one schedule.</summary>
    public (SimulatedWorld World, IReadOnlyList<Violation> Violations) Run(IScheduler scheduler)
    {
        var world = new SimulatedWorld();
        if (Before is { } before)
            world.Observe(process => { before(world, process); return true; });
        for (var i = 0; i < Programs.Length; i++)
        {
            var program = Programs[i];
            world.Add(((char)('A' + i)).ToString(), process => program(world, process));
        }

        world.Run(scheduler);
        return (world, new Audit(world, this).Violations());
    }

    public override string ToString() => Name;
}
