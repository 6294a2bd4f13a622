namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Looks for schedules of a scenario that break promises.</summary>
internal static class Explorer
{
    /// <summary>Everything that can go wrong.</summary>
    public static IReadOnlySet<MoveKind> AnyFault { get; } = new HashSet<MoveKind>(Enum.GetValues<MoveKind>());

    /// <summary>Processes that are held up, suspended or killed, on a store that does all it is told.</summary>
    public static IReadOnlySet<MoveKind> Suspensions { get; } = new HashSet<MoveKind> { MoveKind.Turn, MoveKind.Wait, MoveKind.Die, MoveKind.Fire };

    /// <summary>Explores all schedules with so many deviations at most.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="deviations">How many.</param>
    /// <param name="kinds">Of which kinds.</param>
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

    /// <summary>Runs schedules that are made by chance.</summary>
    public static Exploration Sample(Scenario scenario, int seed, int count, IReadOnlySet<MoveKind> kinds)
    {
        var exploration = new Exploration(scenario);
        for (var i = 0; i < count; i++)
            exploration.Add(scenario.Run(new RandomScheduler(seed + i, kinds)));
        return exploration;
    }
}
