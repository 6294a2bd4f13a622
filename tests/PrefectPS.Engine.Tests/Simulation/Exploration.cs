namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>What an exploration found.</summary>
/// <param name="Scenario">The scenario that was explored.</param>
internal sealed record Exploration(Scenario Scenario)
{
    private readonly Dictionary<Promise, (string What, string Schedule)> _findings = [];

    /// <summary>How many schedules were run.</summary>
    public int Schedules { get; private set; }

    /// <summary>For each promise that was broken, the first schedule that did so: no shorter one does.</summary>
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
