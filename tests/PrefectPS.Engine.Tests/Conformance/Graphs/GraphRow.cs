using System.Text.Json;
using System.Text.Json.Serialization;
using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>A random flow, and how the reference engine ended it: a row of <c>graphs.json</c> or <c>half-run.json</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GraphRow
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required int Id { get; init; }

    /// <summary>The tasks, in the order of their definition.</summary>
    public required GraphTask[] Tasks { get; init; }

    /// <summary>The tasks that decide whether the run failed; the terminal ones where none is named.</summary>
    public string[] ReferenceTasks { get; init; } = [];

    /// <summary>The run's own state.</summary>
    public required GraphState Flow { get; init; }

    /// <summary>The states of the tasks, by name.</summary>
    public required Dictionary<string, GraphState> States { get; init; }

    /// <summary>Documents that the reference engine wrote on the way, from which the run goes on.</summary>
    public GraphDocument[] Documents { get; init; } = [];

    /// <summary>All rows of a file. A property that nothing here reads fails.</summary>
    public static GraphRow[] All(string file) => ConformanceData.Read(file).Deserialize<GraphRow[]>(Options)!;
}
