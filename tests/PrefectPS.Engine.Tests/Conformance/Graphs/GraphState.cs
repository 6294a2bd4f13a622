using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>A state in which the reference engine ended a task or a run.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GraphState
{
    public required string Type { get; init; }

    public string? Message { get; init; }

    /// <summary>The result, where the recording has it.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The states of a mapped task's children; null for any other state.</summary>
    public GraphState[]? Children { get; init; }
}
