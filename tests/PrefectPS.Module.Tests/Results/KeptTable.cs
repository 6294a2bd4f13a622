using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Results;

/// <summary>The table of <c>docs/results.md</c> that says what comes back of what a task returns.</summary>
internal static class KeptTable
{
    private const string Heading = "| a task returns |";

    /// <summary>The serializers, as the table's head names them.</summary>
    public static string[] Serializers { get; } = [.. CellsOf(Lines().First()).Skip(1)];

    /// <summary>What a task returns, a serializer, and what the table says comes back.</summary>
    public static IEnumerable<(string Returned, string Serializer, string Cell)> Cells() =>
        from line in Lines().Skip(2)
        let cells = CellsOf(line)
        from i in Enumerable.Range(0, Serializers.Length)
        select (Code(cells[0]), Serializers[i], cells[i + 1]);

    /// <summary>The code in a cell, without its backticks.</summary>
    public static string Code(string cell) => cell.Split('`')[1].Replace(@"\|", "|", StringComparison.Ordinal);

    private static IEnumerable<string> Lines() =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "results.md"))
            .SkipWhile(line => !line.StartsWith(Heading, StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith('|'));

    private static string[] CellsOf(string line) => [.. line.Trim('|', ' ').Split(" | ").Select(cell => cell.Trim())];
}
