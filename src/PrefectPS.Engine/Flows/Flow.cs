using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>A named, acyclic graph of tasks. Tasks can be added until the flow first runs; then it is frozen.</summary>
public sealed class Flow
{
    private readonly List<FlowTask> _tasks = [];
    private readonly TaskKeys _byKey = new();
    private FlowPlan? _plan;
    private bool _frozen;

    /// <summary>Creates a flow without tasks.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="services">The clock, serializers and other services that its runs use.</param>
    /// <param name="options">Everything else.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/> or <see cref="FlowErrorId.TargetInvalid"/>.</exception>
    public Flow(string name, FlowServices services, FlowOptions options)
    {
        Name = DefinedName.FaultIn(name) is { } fault ? throw FlowErrors.FlowInvalid(DefinedName.Show(name), $"its name {fault}") : name;
        Services = services;
        ParameterSet = options.Parameters;
        if (Parameters.FirstOrDefault(parameter => DefinedName.FaultIn(parameter) is not null) is { } bad)
            throw FlowErrors.FlowInvalid(name, $"the name of its parameter '{DefinedName.Show(bad)}' {DefinedName.FaultIn(bad)}");
        Target = TargetOf(options.Target, options.TargetFunction, new([], Parameters));
        Store = options.Store;
        Checkpoints = options.Checkpoints;
        Serializer = options.Serializer is null ? null : services.Serializers.Get(options.Serializer);
        StateHandlers = [.. options.StateHandlers];
        FailureHandlers = options.FailureHandlers;
        Notification = options.Notification;
        RunSchedule = options.Schedule;
        BodySettings = options.BodySettings;
        ReferenceTasks = options.ReferenceTasks;
        RunTimeout = options.RunTimeout;
        MaxCrashes = options.MaxCrashes;
        Retention = options.Retention;
        UndoOn = options.UndoOn;
        IsOutline = options.IsOutline;
        ConcurrencyLimits = options.ConcurrencyLimits;
        if (options.Store is not null)
            Results = new ResultStore(options.Store, services.Serializers);
        else if (Target is not null)
            throw FlowErrors.TargetWithoutStore(Target.Text, $"flow '{name}'");
        ResultSettings = new(StoreName, IsOwn: false, Results, Checkpoints, Serializer);
    }

    /// <summary>Creates a test double of a flow.</summary>
    /// <param name="original">The flow to copy.</param>
    /// <param name="services">Services of the double.</param>
    /// <param name="store">Store of the double; null if none: then nothing has a target.</param>
    /// <param name="copy">Copies a task into the double.</param>
    internal Flow(Flow original, FlowServices services, IFlowStore? store, Func<FlowTask, Flow, FlowTask> copy)
    {
        (Name, Services, ParameterSet, Store) = (original.Name, services, original.ParameterSet, store);
        Target = store is null ? null : original.Target;
        Results = store is null ? null : new(store, services.Serializers);
        (Checkpoints, Serializer, BodySettings) = (original.Checkpoints, original.Serializer, original.BodySettings);
        (StateHandlers, FailureHandlers, Notification) = (original.StateHandlers, original.FailureHandlers, original.Notification);
        (RunSchedule, ReferenceTasks, RunTimeout) = (original.RunSchedule, original.ReferenceTasks, original.RunTimeout);
        (MaxCrashes, Retention, UndoOn) = (original.MaxCrashes, original.Retention, original.UndoOn);
        ResultSettings = new(StoreName, IsOwn: false, Results, Checkpoints, Serializer);
        ConcurrencyLimits = new FlowOptions().ConcurrencyLimits; // a double runs in memory and shares no limits with real runs
        foreach (var task in original.Tasks)
            Add(copy(task, this));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The tasks, in definition order.</summary>
    public IReadOnlyList<FlowTask> Tasks => _tasks;

    /// <summary>Parameter names, in the order of their declaration.</summary>
    public IReadOnlyList<string> Parameters => ParameterSet.Names;

    /// <summary>Default target of tasks that have none of their own; null if none.</summary>
    public TaskTarget? Target { get; }

    /// <summary>Maximum duration of a run from its start, across all steps; null for no limit.</summary>
    public TimeSpan? RunTimeout { get; }

    /// <summary>How many process crashes a task's body survives before the task fails, unless the task overrides it.</summary>
    public int MaxCrashes { get; }

    /// <summary>Name of the store for results; null if results travel inside the state document.</summary>
    public string? StoreName => Store?.Name;

    /// <summary>The schedule that <c>-Resume</c> follows, as text; null if none.</summary>
    public string? Schedule => RunSchedule?.ToString();

    internal FlowServices Services { get; }

    /// <summary>The schedule of runs; null if runs are started by hand.</summary>
    internal FlowSchedule? RunSchedule { get; }

    /// <summary>Retention of finished runs in the store; null keeps all.</summary>
    internal RunRetention? Retention { get; }

    /// <summary>Outcomes after which a run is undone automatically; empty for never. For nested flows, the outermost flow decides.</summary>
    internal IReadOnlyList<UndoReason> UndoOn { get; }

    /// <summary>True for an outline read from a record: its tasks are known by name only.</summary>
    internal bool IsOutline { get; }

    /// <summary>Maximum number of concurrently running bodies per tag, across all runs in the store.</summary>
    internal IReadOnlyDictionary<string, int> ConcurrencyLimits { get; }

    internal IParameterSet ParameterSet { get; }

    internal IFlowStore? Store { get; }

    internal ResultStore? Results { get; }

    /// <summary>True if results are written to the store, unless a task overrides it.</summary>
    internal bool Checkpoints { get; }

    /// <summary>True if runs are recorded by default: the flow has a store and writes results to it.</summary>
    internal bool RecordsRuns => Store is not null && Checkpoints && Services.Checkpoints();

    /// <summary>Default result serializer; null to choose it by the extension of each location.</summary>
    internal IResultSerializer? Serializer { get; }

    /// <summary>Where and how results are stored, unless a task overrides it.</summary>
    internal ResultSettings ResultSettings { get; }

    internal IStateHandler[] StateHandlers { get; }

    internal IReadOnlyList<IRunFailureHandler> FailureHandlers { get; }

    /// <summary>Notifications about runs of the flow; null if none. Subflow runs never notify.</summary>
    internal RunNotification? Notification { get; }

    internal IReadOnlyList<string> ReferenceTasks { get; }

    /// <summary>Settings shared by all task bodies, owned by the host language.</summary>
    internal object? BodySettings { get; }

    /// <summary>The compiled flow: built on first use, rebuilt after a task was added.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskNotFound"/> or <see cref="FlowErrorId.Cycle"/>.</exception>
    internal FlowPlan Plan => _plan ??= PlanCompiler.Compile(this);

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    /// <summary>Adds a task.</summary>
    /// <exception cref="FlowException">
    /// <see cref="FlowErrorId.TaskExists"/>, <see cref="FlowErrorId.Frozen"/>, <see cref="FlowErrorId.TaskInvalid"/>, <see cref="FlowErrorId.TargetInvalid"/>.
    /// </exception>
    internal FlowTask Add(TaskOptions options)
    {
        if (_frozen)
            throw FlowErrors.FlowFrozen(this, options.Name);
        return Add(new FlowTask(this, _tasks.Count, options));
    }

    private FlowTask Add(FlowTask task)
    {
        _byKey.Add(task);
        _tasks.Add(task);
        _plan = null;
        return task;
    }

    /// <summary>Creates a target from a template or a function; null if neither is given.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
    internal static TaskTarget? TargetOf(string? template, ITargetFunction? function, TargetNames names) =>
        function is not null ? new ComputedTarget(function, names)
        : template is not null ? TargetTemplate.Parse(template, names)
        : null;

    /// <summary>Finds a task by slug or name, case-insensitive; null if there is none.</summary>
    internal FlowTask? Find(string key) => _byKey.TryGet(key, out var task) ? task : null;

    /// <summary>Freezes the flow and its nested flows, and returns the plan: no task can be added any more.</summary>
    /// <exception cref="FlowException">As for <see cref="Plan"/>, or <see cref="FlowErrorId.FlowInvalid"/>: flows are nested too deeply.</exception>
    internal FlowPlan Freeze()
    {
        if (!_frozen)
        {
            if (FlowDepth.Of(this) > Limits.MaxFlowDepth) // a nested flow may have got flows of its own after it was added
                throw FlowErrors.SubflowsTooDeep(this);
            if (FlowSize.Of(this) > Limits.MaxTasks)
                throw FlowErrors.FlowTooLarge(this);
            _frozen = true;
            foreach (var task in _tasks)
                task.Subflow?.Freeze();
        }

        return Plan;
    }

    /// <summary>This flow and all nested flows, each once, outer flows first.</summary>
    internal IEnumerable<Flow> WithSubflows() => WithSubflows([]);

    private IEnumerable<Flow> WithSubflows(HashSet<Flow> seen) =>
        seen.Add(this) ? _tasks.Select(task => task.Subflow).OfType<Flow>().SelectMany(inner => inner.WithSubflows(seen)).Prepend(this) : [];

    /// <summary>Chain of nested flows from this one to another; null if the other is not nested in it.</summary>
    internal IReadOnlyList<Flow>? PathTo(Flow flow)
    {
        if (ReferenceEquals(this, flow))
            return [this];
        foreach (var task in _tasks)
        {
            if (task.Subflow?.PathTo(flow) is { } path)
                return [this, .. path];
        }

        return null;
    }
}
