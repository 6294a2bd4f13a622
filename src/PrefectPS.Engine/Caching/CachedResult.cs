using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Caching;

/// <summary>A cached result.</summary>
/// <param name="Until">Expiry.</param>
/// <param name="Message">Message of the state the task ended in.</param>
/// <param name="Result">The result; null if none.</param>
public sealed record CachedResult(DateTimeOffset Until, string? Message, TaskResult? Result)
{
    /// <summary>State of a task that uses the cached result.</summary>
    internal State ToState() => On(new(StateType.Cached, Message) { Result = Result ?? TaskResult.Empty });

    /// <summary>State of the task whose result was cached.</summary>
    internal State On(State ended) => ended with { Type = StateType.Cached, Prefect = new() { CachedExpiration = Until } };
}
