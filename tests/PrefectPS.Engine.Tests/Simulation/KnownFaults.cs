using static PrefectPS.Engine.Tests.Simulation.Promise;

namespace PrefectPS.Engine.Tests.Simulation;

/// <summary>Promises that are not kept yet, by scenario. What is mended leaves this table.</summary>
internal static class KnownFaults
{
    private static readonly Promise[] OfSteps = [OutcomesStand, ConflictsAreReal, NothingIsReplacedBlindly, HistoryStands, IndexIsRight];
    private static readonly Promise[] OfRemovals = [.. OfSteps, NothingRunsAgain, NoDamage, RemovedStaysRemoved, RemovalIsWhole, RunsEnd];

    private static readonly Dictionary<string, Promise[]> Table = new(StringComparer.Ordinal)
    {
        ["two steps"] = OfSteps,
        ["two steps in batches"] = OfSteps,
        ["two short steps"] = OfSteps,
        ["two steps with a target"] = OfSteps,
        ["steps without results of their own"] = OfSteps,
        ["two that resume"] = [OneRunBegins, .. OfSteps],
        ["two runs with one target"] = [OutcomesStand, NothingIsReplacedBlindly],
        ["two runs with one cache entry"] = [NothingIsReplacedBlindly],
        ["step and removal"] = OfRemovals,
        ["step, removal and the same id anew"] = OfRemovals,
        ["step, removal and all of the same id anew"] = OfRemovals,
        ["removal and the same id anew"] = OfRemovals,
        ["removal of an unfinished run and the same id anew"] = OfRemovals,
        ["crowd"] = OfRemovals,
    };

    public static IReadOnlyList<Promise> Of(Scenario scenario) => Table.GetValueOrDefault(scenario.Name, []);
}
