using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>What a task is made of.</summary>
/// <param name="Name">Its name, unique in its flow.</param>
/// <param name="Body">What it does; null where that is a flow.</param>
public sealed record TaskOptions(string Name, ITaskBody? Body)
{
    /// <summary>The flow that the task runs; its parameters take what the task is given.</summary>
    public Flow? Subflow { get; init; }

    /// <summary>Its unique key in the flow; null for its name.</summary>
    public string? Slug { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The tasks it comes after, by name or slug.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Parameter of the body -> the task, by name or slug, whose result it takes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InputFrom { get; init; } = [];

    /// <summary>Parameter of the body -> tasks, by name or slug, of whose results it takes an array.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Gathered { get; init; } = [];

    /// <summary>Lists of which each child takes one element, and which no task makes.</summary>
    public IReadOnlyList<MapSource> MapSources { get; init; } = [];

    /// <summary>Parameter of the body -> the task, by name or slug, of whose result each child takes one element.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>Whether the elements of what is mapped over are lists, whose elements are mapped over.</summary>
    public bool Flatten { get; init; }

    /// <summary>When its children are enough, or too many have failed; null where all of them run.</summary>
    public MapGoal? Goal { get; init; }

    /// <summary>Parameter of the body -> its value.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Arguments { get; init; } = [];

    /// <summary>Parameter of the body -> the secret that it takes.</summary>
    public IReadOnlyList<KeyValuePair<string, NamedSecret>> Secrets { get; init; } = [];

    /// <summary>Parameters of the flow, by name, that the body is free to take: those that have neither input nor argument.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The template of its target; null for the flow's.</summary>
    public string? Target { get; init; }

    /// <summary>What makes the target, in place of a template.</summary>
    public ITargetFunction? TargetFunction { get; init; }

    /// <summary>What makes the task run again though its target is there; null for nothing.</summary>
    public RerunPolicy? Rerun { get; init; }

    /// <summary>The name of the form that results are stored in; null for what the extension of their location says.</summary>
    public string? Serializer { get; init; }

    /// <summary>Whether the result is a secret: it is never written, and a task that needs it in a later step makes this one run again.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>Where its results are kept; null for the flow's store.</summary>
    public IFlowStore? Store { get; init; }

    /// <summary>Whether its results are written to the store; null for what the flow says.</summary>
    public bool? Checkpoints { get; init; }

    /// <summary>For how long its result is used in later runs; null where the task always runs.</summary>
    public CachePolicy? Cache { get; init; }

    /// <summary>The event that it waits for before its body runs; null for none.</summary>
    public EventWait? Event { get; init; }

    /// <summary>How often the body runs until what it returns is taken; null where it always is.</summary>
    public PollPolicy? Poll { get; init; }

    /// <summary>How long the task waits once it could begin; null for not at all.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>How long its body is expected to run; null for its longest run so far.</summary>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>How long one run of the body may take; null for any time.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often the process may end while its body runs alone; null for what the flow says.</summary>
    public int? MaxCrashes { get; init; }

    /// <summary>Whether its body can run beside the step's thread only.</summary>
    public bool RunsBeside { get; init; }

    /// <summary>Decides by the upstream states whether it runs.</summary>
    public ITrigger Trigger { get; init; } = CountTrigger.AllSuccessful;

    /// <summary>When it runs again after a failure; null for never.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>Decides whether it runs or is skipped; null where it always runs.</summary>
    public ITaskCondition? When { get; init; }

    /// <summary>Takes back what its body has done; null where nothing can.</summary>
    public ITaskUndo? Undo { get; init; }

    /// <summary>Whether the task is skipped when one of its upstream tasks was.</summary>
    public bool SkipOnUpstreamSkip { get; init; } = true;

    /// <summary>Called at each change of its state.</summary>
    public IReadOnlyList<IStateHandler> StateHandlers { get; init; } = [];

    /// <summary>Handlers that are told of failures alone; called after the others.</summary>
    public IReadOnlyList<IStateHandler> FailureHandlers { get; init; } = [];
}
