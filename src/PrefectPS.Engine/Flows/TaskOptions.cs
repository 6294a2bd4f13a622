using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>Options of a task.</summary>
/// <param name="Name">Name, unique in the flow.</param>
/// <param name="Body">The body; null if the body is a flow.</param>
public sealed record TaskOptions(string Name, ITaskBody? Body)
{
    /// <summary>The flow to run as the body; its parameters take the task's inputs and arguments.</summary>
    public Flow? Subflow { get; init; }

    /// <summary>Its unique key in the flow; null for its name.</summary>
    public string? Slug { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Upstream tasks without data flow, by name or slug.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Body parameter -> the upstream task, by name or slug, whose result it takes.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InputFrom { get; init; } = [];

    /// <summary>Body parameter -> upstream tasks, by name or slug, whose results it takes as an array.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Gathered { get; init; } = [];

    /// <summary>Constant lists and flow parameters to map over.</summary>
    public IReadOnlyList<MapSource> MapSources { get; init; } = [];

    /// <summary>Body parameter -> the upstream task, by name or slug, whose result is mapped over.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Map { get; init; } = [];

    /// <summary>True to map over the elements of nested lists.</summary>
    public bool Flatten { get; init; }

    /// <summary>When enough children have succeeded, or too many failed; null if all run.</summary>
    public MapGoal? Goal { get; init; }

    /// <summary>Body parameter -> its value.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Arguments { get; init; } = [];

    /// <summary>Body parameter -> the secret it takes.</summary>
    public IReadOnlyList<KeyValuePair<string, NamedSecret>> Secrets { get; init; } = [];

    /// <summary>Flow parameters that the body takes by name because no input or argument sets them.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The template of its target; null for the flow's.</summary>
    public string? Target { get; init; }

    /// <summary>Computes the target, instead of a template.</summary>
    public ITargetFunction? TargetFunction { get; init; }

    /// <summary>What makes the task run again though its target exists; null if nothing does.</summary>
    public RerunPolicy? Rerun { get; init; }

    /// <summary>Name of the result serializer; null to choose it by the location's extension.</summary>
    public string? Serializer { get; init; }

    /// <summary>True if the result is secret and never written: a task that needs it in a later step makes this one run again.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>Store for results; null for the flow's.</summary>
    public IFlowStore? Store { get; init; }

    /// <summary>Whether results are written to the store; null for the flow's setting.</summary>
    public bool? Checkpoints { get; init; }

    /// <summary>Caching of the result across runs; null if the task is not cached.</summary>
    public CachePolicy? Cache { get; init; }

    /// <summary>The event the task waits for before its body runs; null if none.</summary>
    public EventWait? Event { get; init; }

    /// <summary>How the body is polled until its answer is accepted; null if the task does not poll.</summary>
    public PollPolicy? Poll { get; init; }

    /// <summary>Delay before the task starts once it is ready; null for none.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>How long its body is expected to run; null for its longest run so far.</summary>
    public TimeSpan? ExpectedDuration { get; init; }

    /// <summary>Maximum duration of an attempt; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many process crashes the body survives before the task fails; null for the flow's setting.</summary>
    public int? MaxCrashes { get; init; }

    /// <summary>True if the body can only run off the step's thread.</summary>
    public bool RunsOffThread { get; init; }

    /// <summary>Decides by the upstream states whether it runs.</summary>
    public ITrigger Trigger { get; init; } = CountTrigger.AllSuccessful;

    /// <summary>When it runs again after a failure; null for never.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>Decides whether it runs or is skipped; null where it always runs.</summary>
    public ITaskCondition? When { get; init; }

    /// <summary>Reverts the effects of the body; null if the task cannot be undone.</summary>
    public ITaskUndo? Undo { get; init; }

    /// <summary>True to skip the task when an upstream task was skipped.</summary>
    public bool SkipOnUpstreamSkip { get; init; } = true;

    /// <summary>Called at each change of its state.</summary>
    public IReadOnlyList<IStateHandler> StateHandlers { get; init; } = [];

    /// <summary>Handlers called only on failure, after the others.</summary>
    public IReadOnlyList<IStateHandler> FailureHandlers { get; init; } = [];
}
