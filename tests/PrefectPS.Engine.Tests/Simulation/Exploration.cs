namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Result of an exploration.</summary>
/// <param name="Scenario">The explored scenario.</param>
internal sealed record Exploration(Scenario Scenario)
{
    private readonly Dictionary<Promise, (string What, string Schedule)> _findings = [];

    /// <summary>Number of executed schedules.</summary>
    public int Schedules { get; private set; }

    /// <summary>The first violating schedule per promise; no shorter one violates it.</summary>
    public IReadOnlyDictionary<Promise, (string What, string Schedule)> Findings => _findings;

    public void Add((SimulatedWorld World, IReadOnlyList<Violation> Violations) run)
    {
        Schedules++;
        foreach (var violation in run.Violations)
            _findings.TryAdd(violation.Promise, (violation.What, run.World.Trace));
    }

    public override string ToString() =>
        $"{Scenario.Name}: {Schedules} schedules\n"
        + string.Concat(_findings.OrderBy(found => found.Key).Select(found => $"  {found.Key}: {found.Value.What}\n    {found.Value.Schedule}\n"));
}
