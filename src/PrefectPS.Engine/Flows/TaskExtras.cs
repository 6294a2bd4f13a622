using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>Options that few tasks use. Immutable; tasks that use none share one instance, as there may be millions of them.</summary>
internal sealed record TaskExtras
{
    private static readonly TaskExtras None = new();

    /// <inheritdoc cref="FlowTask.Subflow"/>
    public Flow? Subflow { get; init; }

    /// <inheritdoc cref="FlowTask.ExpectedDuration"/>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <inheritdoc cref="FlowTask.Timeout"/>
    public TimeSpan? Timeout { get; init; }

    /// <inheritdoc cref="FlowTask.MapSources"/>
    public IReadOnlyList<MapSource> MapSources { get; init; } = [];

    /// <inheritdoc cref="FlowTask.Retry"/>
    public RetryPolicy? Retry { get; init; }

    /// <inheritdoc cref="FlowTask.Condition"/>
    public ITaskCondition? Condition { get; init; }

    /// <inheritdoc cref="FlowTask.Cache"/>
    public CachePolicy? Cache { get; init; }

    /// <inheritdoc cref="FlowTask.Event"/>
    public EventWait? Event { get; init; }

    /// <inheritdoc cref="FlowTask.EventName"/>
    public TargetTemplate? EventName { get; init; }

    /// <inheritdoc cref="FlowTask.Gathered"/>
    public GatheredInput[] Gathered { get; init; } = [];

    /// <summary>Number of handlers called only on failure; they come last.</summary>
    public int FailureHandlers { get; init; }

    /// <inheritdoc cref="FlowTask.Poll"/>
    public PollPolicy? Poll { get; init; }

    /// <inheritdoc cref="FlowTask.Delay"/>
    public TimeSpan? Delay { get; init; }

    /// <inheritdoc cref="FlowTask.Goal"/>
    public MapGoal? Goal { get; init; }

    /// <inheritdoc cref="FlowTask.Rerun"/>
    public RerunPolicy? Rerun { get; init; }

    /// <inheritdoc cref="TaskOptions.Undo"/>
    public ITaskUndo? Undo { get; init; }

    /// <summary>Takes the extras from a task's options.</summary>
    public static TaskExtras Of(TaskOptions options)
    {
        var hasNone = options is
        {
            FailureHandlers.Count: 0,
            Subflow: null, ExpectedDuration: null, Timeout: null, MapSources.Count: 0, Retry: null, When: null, Cache: null, Event: null, Poll: null, Delay: null,
            Goal: null, Rerun: null, Undo: null,
        };
        return hasNone ? None : new()
        {
            Subflow = options.Subflow,
            ExpectedDuration = options.ExpectedDuration,
            Timeout = options.Timeout,
            MapSources = options.MapSources,
            Retry = options.Retry,
            Condition = options.When,
            Cache = options.Cache,
            Event = options.Event,
            FailureHandlers = options.FailureHandlers.Count,
            Poll = options.Poll,
            Delay = options.Delay,
            Goal = options.Goal,
            Rerun = options.Rerun,
            Undo = options.Undo,
        };
    }
}
