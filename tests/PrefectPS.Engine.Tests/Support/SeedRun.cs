using System.Globalization;
using System.Text.Json;

namespace PrefectPS.Engine.Tests.Support;

/// <summary>The runs of <see cref="SeedFlow"/> in <c>seed-run.json</c>, one for each budget.</summary>
internal static class SeedRun
{
    private const string BudgetPrefix = "N=";

    // What else the file says of the recording.
    private static readonly string[] About = ["prefect_version", "flow_edges", "note"];

    /// <summary>The budgets, in tasks a step. A part of the file that is neither a run nor known fails.</summary>
    public static TheoryData<int> Budgets() =>
        [.. ConformanceData.Read("seed-run.json").EnumerateObject().Where(part => !About.Contains(part.Name)).Select(part => BudgetOf(part.Name))];

    /// <summary>The steps of one run, in order.</summary>
    public static IEnumerable<JsonElement> Steps(int budget) =>
        ConformanceData.Read("seed-run.json").GetProperty($"{BudgetPrefix}{budget}").GetProperty("iterations").EnumerateArray();

    private static int BudgetOf(string part) =>
        part.StartsWith(BudgetPrefix, StringComparison.Ordinal)
            ? int.Parse(part.AsSpan(BudgetPrefix.Length), CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Nothing reads the part '{part}' of seed-run.json.");
}
