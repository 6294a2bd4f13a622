namespace PrefectPS.States;

/// <summary>
/// What a state has, in one of Prefect's documents, that the engine has no use for. It is handed on as it came for as long as the task stays
/// in that state. JSON is kept as text; null stands for what was not there, or is no different from what is written anyway.
/// </summary>
internal sealed record PrefectFields
{
    private static readonly PrefectFields Nothing = new();

    /// <summary>The class of its result.</summary>
    public string? ResultType { get; init; }

    /// <summary>What its result has beside class and location, such as the folder of a LocalResult.</summary>
    public string? ResultFields { get; init; }

    /// <summary>Its context, but for the counts, which the state has itself.</summary>
    public string? Context { get; init; }

    /// <summary>True if its context has the run count.</summary>
    public bool ContextHasRunCount { get; init; }

    /// <summary>The inputs it would be run with again.</summary>
    public string? CachedInputs { get; init; }

    /// <summary>Of a Cached state: a hash for each of its inputs.</summary>
    public string? HashedInputs { get; init; }

    /// <summary>Of a Cached state: the parameters of the run it was cached in.</summary>
    public string? CachedParameters { get; init; }

    /// <summary>Of a Cached state: until when it may be used; UTC. The engine, too, sets it.</summary>
    public DateTimeOffset? CachedExpiration { get; init; }

    /// <summary>Of a state that wraps another: that one.</summary>
    public State? Wrapped { get; init; }

    /// <summary>Of a Mapped state without its children: how many there were.</summary>
    public int? MapCount { get; init; }

    /// <summary>True if its start time has no offset; it is UTC all the same.</summary>
    public bool HasLocalStartTime { get; init; }

    /// <summary>The same where the children are known; null if nothing is left.</summary>
    public PrefectFields? WithoutMapCount() => this with { MapCount = null } is var left && left == Nothing ? null : left;
}
