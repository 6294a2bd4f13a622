using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Caching;

/// <summary>A result that is kept in place of running its task again.</summary>
/// <param name="Until">When it may no longer be used.</param>
/// <param name="Message">The message of the state it ended in.</param>
/// <param name="Result">What the task returned; null for nothing.</param>
public sealed record CachedResult(DateTimeOffset Until, string? Message, TaskResult? Result)
{
    /// <summary>The state of a task that takes it.</summary>
    internal State ToState() => On(new(StateType.Cached, Message) { Result = Result ?? TaskResult.Nothing });

    /// <summary>The state of the task that it was kept for.</summary>
    internal State On(State ended) => ended with { Type = StateType.Cached, Prefect = new() { CachedExpiration = Until } };
}
