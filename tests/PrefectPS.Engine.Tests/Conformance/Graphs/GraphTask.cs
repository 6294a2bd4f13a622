using System.Text.Json.Serialization;

namespace PrefectPS.Engine.Tests.Conformance.Graphs;

/// <summary>A task of a random flow; the README of the data says what each <see cref="Does"/> does.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record GraphTask
{
    public required string Name { get; init; }

    public required string Does { get; init; }

    /// <summary>How many attempts fail, or how many passes of a loop there are before the last one.</summary>
    public int K { get; init; }

    /// <summary>What it returns; null for the sum of its inputs.</summary>
    public int[]? List { get; init; }

    public string Trigger { get; init; } = "all_successful";

    public double? AtLeast { get; init; }

    public double? AtMost { get; init; }

    public bool SkipOnUpstreamSkip { get; init; } = true;

    public int MaxRetries { get; init; }

    /// <summary>Upstream tasks without data.</summary>
    public string[] After { get; init; } = [];

    /// <summary>Upstream tasks whose results are inputs.</summary>
    public string[] Inputs { get; init; } = [];

    /// <summary>Upstream tasks that it is mapped over.</summary>
    public string[] Map { get; init; } = [];
}
