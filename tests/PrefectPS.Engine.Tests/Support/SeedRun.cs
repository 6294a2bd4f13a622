using System.Globalization;
using System.Text.Json;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>Recorded runs of <see cref="SeedFlow"/> in <c>seed-run.json</c>, one per budget.</summary>
internal static class SeedRun
{
    private const string BudgetPrefix = "N=";

    // Other properties of the recording.
    private static readonly string[] About = ["prefect_version", "flow_edges", "note"];

    /// <summary>Budgets, in tasks per step. Unknown parts of the file fail.</summary>
    public static TheoryData<int> Budgets() =>
        [.. ConformanceData.Read("seed-run.json").EnumerateObject().Where(part => !About.Contains(part.Name)).Select(part => BudgetOf(part.Name))];

    /// <summary>Steps of a run, in order.</summary>
    public static IEnumerable<JsonElement> Steps(int budget) =>
        ConformanceData.Read("seed-run.json").GetProperty($"{BudgetPrefix}{budget}").GetProperty("iterations").EnumerateArray();

    private static int BudgetOf(string part) =>
        part.StartsWith(BudgetPrefix, StringComparison.Ordinal)
            ? int.Parse(part.AsSpan(BudgetPrefix.Length), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Nothing reads the part '{part}' of seed-run.json.");
}
