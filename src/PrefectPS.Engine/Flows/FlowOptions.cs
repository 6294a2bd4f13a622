using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>Options of a flow.</summary>
public sealed record FlowOptions
{
    /// <summary>The store of its results and runs; null for none.</summary>
    public IFlowStore? Store { get; init; }

    /// <summary>The template of its tasks' targets; null for none.</summary>
    public string? Target { get; init; }

    /// <summary>Computes the target, instead of a template.</summary>
    public ITargetFunction? TargetFunction { get; init; }

    /// <summary>Name of the result serializer; null to choose it by the location's extension.</summary>
    public string? Serializer { get; init; }

    /// <summary>True if results are written to the store, unless a task overrides it.</summary>
    public bool Checkpoints { get; init; } = true;

    /// <summary>Its parameters.</summary>
    public IParameterSet Parameters { get; init; } = ParameterDefaults.None;

    /// <summary>Names or slugs of the tasks that decide whether a run failed; empty for the terminal tasks.</summary>
    public IReadOnlyList<string> ReferenceTasks { get; init; } = [];

    /// <summary>Called at each change of a task's state, after the task's own handlers.</summary>
    public IReadOnlyList<IStateHandler> StateHandlers { get; init; } = [];

    /// <summary>Called for runs that ended Failed.</summary>
    public IReadOnlyList<IRunFailureHandler> FailureHandlers { get; init; } = [];

    /// <summary>Notifications about runs; null if none.</summary>
    public RunNotification? Notification { get; init; }

    /// <summary>The schedule of runs; null if runs are started by hand.</summary>
    public FlowSchedule? Schedule { get; init; }

    /// <summary>Maximum duration of a run from its start, across all steps; null for no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>Retention of finished runs in the store; null keeps all.</summary>
    public RunRetention? Retention { get; init; }

    /// <summary>Outcomes after which a run is undone automatically; empty for never.</summary>
    public IReadOnlyList<UndoReason> UndoOn { get; init; } = [];

    /// <summary>True for an outline read from a record: its tasks are known by name only.</summary>
    internal bool IsOutline { get; init; }

    /// <summary>Maximum number of concurrently running bodies per tag, across all runs in the store.</summary>
    public IReadOnlyDictionary<string, int> ConcurrencyLimits { get; init; } = NoLimits;

    private static readonly Dictionary<string, int> NoLimits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many process crashes a task's body survives before the task fails, unless the task overrides it.</summary>
    public int MaxCrashes { get; init; } = 3;

    /// <summary>Settings shared by all task bodies, owned by the host language; opaque to the engine.</summary>
    public object? BodySettings { get; init; }
}
