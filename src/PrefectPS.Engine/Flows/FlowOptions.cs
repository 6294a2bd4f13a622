using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>What a flow can be given besides its name.</summary>
public sealed record FlowOptions
{
    /// <summary>The store of its results and runs; null for none.</summary>
    public IFlowStore? Store { get; init; }

    /// <summary>The template of its tasks' targets; null for none.</summary>
    public string? Target { get; init; }

    /// <summary>What makes the target, in place of a template.</summary>
    public ITargetFunction? TargetFunction { get; init; }

    /// <summary>The name of the form that results are stored in; null for what the extension of their location says.</summary>
    public string? Serializer { get; init; }

    /// <summary>Whether results are written to the store, unless a task says otherwise.</summary>
    public bool Checkpoints { get; init; } = true;

    /// <summary>Its parameters.</summary>
    public IParameterSet Parameters { get; init; } = ParameterDefaults.None;

    /// <summary>The tasks that decide whether a run failed, by name or slug; the terminal ones where none is named.</summary>
    public IReadOnlyList<string> ReferenceTasks { get; init; } = [];

    /// <summary>Called at each change of a task's state, after the task's own handlers.</summary>
    public IReadOnlyList<IStateHandler> StateHandlers { get; init; } = [];

    /// <summary>Told of runs that have ended Failed.</summary>
    public IReadOnlyList<IRunHandler> FailureHandlers { get; init; } = [];

    /// <summary>Who is told of runs, and of what; null for nobody.</summary>
    public RunNotification? Notification { get; init; }

    /// <summary>When its runs begin; null where somebody says so each time.</summary>
    public FlowSchedule? Schedule { get; init; }

    /// <summary>How long a run may take from its start, over all its steps; null for any time.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>Which of its finished runs the store keeps; null for all.</summary>
    public RunRetention? Retention { get; init; }

    /// <summary>When the tasks of a run are undone without being asked; empty for never.</summary>
    public IReadOnlyList<UndoReason> UndoOn { get; init; } = [];

    /// <summary>Whether its tasks have names alone, as a record has them: what they can do is not known.</summary>
    internal bool IsOutline { get; init; }

    /// <summary>How many bodies with a tag may run at a time in all runs of the store, by tag.</summary>
    public IReadOnlyDictionary<string, int> ConcurrencyLimits { get; init; } = NoLimits;

    private static readonly Dictionary<string, int> NoLimits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How often the process may end while the body of a task runs alone, unless the task says otherwise: then it is Failed.</summary>
    public int MaxCrashes { get; init; } = 3;

    /// <summary>What the bodies of its tasks have in common, in the words of their language; the engine keeps it and does not look at it.</summary>
    public object? BodySettings { get; init; }
}
