namespace PrefectPS.States;

/// <summary>
/// Properties of a state in Prefect's documents that the engine does not use. They are passed through while the task stays in that state. JSON is kept as
/// text; null if absent or equal to the default.
/// </summary>
internal sealed record PrefectFields
{
    private static readonly PrefectFields Nothing = new();

    /// <summary>Class of the result.</summary>
    public string? ResultType { get; init; }

    /// <summary>Other properties of the result, such as the folder of a LocalResult.</summary>
    public string? ResultFields { get; init; }

    /// <summary>The context without the counts, which the state has itself.</summary>
    public string? Context { get; init; }

    /// <summary>True if the context has the run count.</summary>
    public bool ContextHasRunCount { get; init; }

    /// <summary>The inputs for another run.</summary>
    public string? CachedInputs { get; init; }

    /// <summary>For a Cached state: a hash per input.</summary>
    public string? HashedInputs { get; init; }

    /// <summary>For a Cached state: the parameters of the run it was cached in.</summary>
    public string? CachedParameters { get; init; }

    /// <summary>For a Cached state: expiry; UTC. The engine sets it too.</summary>
    public DateTimeOffset? CachedExpiration { get; init; }

    /// <summary>For a state that wraps another: the inner state.</summary>
    public State? Wrapped { get; init; }

    /// <summary>For a Mapped state without its children: their number.</summary>
    public int? MapCount { get; init; }

    /// <summary>True if the start time has no offset; it is UTC all the same.</summary>
    public bool HasLocalStartTime { get; init; }

    /// <summary>Removes the number of children once they are known; null if nothing is left.</summary>
    public PrefectFields? WithoutMapCount() => this with { MapCount = null } is var left && left == Nothing ? null : left;
}
