namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Processes that work on the same runs.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Shape">Their flow.</param>
/// <param name="RunIds">The runs, by name; none where processes take whichever is unfinished.</param>
/// <param name="Programs">What each process does; the first is A, the next B.</param>
internal sealed record Scenario(string Name, FlowShape Shape, string[] RunIds, params Action<SimulatedWorld, SimulatedProcess>[] Programs)
{
    /// <summary>What happens before, undisturbed.</summary>
    public Action<SimulatedWorld, SimulatedProcess>? Before { get; init; }

    /// <summary>Runs one schedule.</summary>
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
