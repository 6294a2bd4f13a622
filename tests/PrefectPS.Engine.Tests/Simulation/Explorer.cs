namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Searches for schedules of a scenario that violate promises.</summary>
internal static class Explorer
{
    /// <summary>All kinds of faults.</summary>
    public static IReadOnlySet<MoveKind> AnyFault { get; } = new HashSet<MoveKind>(Enum.GetValues<MoveKind>());

    /// <summary>Delayed, suspended and killed processes, on a store without faults.</summary>
    public static IReadOnlySet<MoveKind> Suspensions { get; } = new HashSet<MoveKind> { MoveKind.Turn, MoveKind.Wait, MoveKind.Die, MoveKind.Fire };

    /// <summary>Explores all schedules with at most the given number of deviations.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="deviations">Maximum number of deviations.</param>
    /// <param name="kinds">Kinds of deviations.</param>
    public static Exploration Explore(Scenario scenario, int deviations, IReadOnlySet<MoveKind> kinds)
    {
        var exploration = new Exploration(scenario);
        for (var most = 0; most <= deviations; most++)
        {
            var scheduler = new SystematicScheduler(most, kinds);
            do
                exploration.Add(scenario.Run(scheduler));
            while (scheduler.Next());
        }

        return exploration;
    }

    /// <summary>Executes random schedules.</summary>
    public static Exploration Sample(Scenario scenario, int seed, int count, IReadOnlySet<MoveKind> kinds)
    {
        var exploration = new Exploration(scenario);
        for (var i = 0; i < count; i++)
            exploration.Add(scenario.Run(new RandomScheduler(seed + i, kinds)));
        return exploration;
    }
}
