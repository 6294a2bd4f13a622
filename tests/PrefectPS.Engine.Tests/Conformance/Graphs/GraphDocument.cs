using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>A document that the reference engine wrote when some tasks of a run had ended.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GraphDocument
{
    private const string ResultInDocument = "PrefectResult";

    /// <summary>How many tasks had ended.</summary>
    public required int Ended { get; init; }

    public required JsonElement Document { get; init; }

    /// <summary>The run, read as a user reads the document.</summary>
    public FlowState Read(Flow flow) => FlowStateReader.Read(flow, Encoding.UTF8.GetBytes(Document.GetRawText())).Run;

    /// <summary>The message that a task which ends in the state it has in the document keeps from it, empty for none; else null.</summary>
    public string? KeptMessage(string task, string end) =>
        Document.EnumerateArray().Single(pair => SlugOf(pair) == task).GetProperty("state") is var state && TypeOf(state) == end
            ? state.GetProperty("message").GetString() ?? string.Empty
            : null;

    /// <summary>The tasks whose result it does not hold.</summary>
    public IEnumerable<string> WithoutResult() =>
        from pair in Document.EnumerateArray()
        let state = pair.GetProperty("state")
        where TypeOf(state) is not (nameof(StateType.Pending) or nameof(StateType.Retrying))
        where TypeOf(state.GetProperty("_result")) != ResultInDocument
        select SlugOf(pair);

    private static string TypeOf(JsonElement value) => value.GetProperty("type").GetString()!;

    private static string SlugOf(JsonElement pair) => pair.GetProperty("task").GetProperty("slug").GetString()!;
}
