using PrefectPS.Results;
using PrefectPS.Storage;

namespace PrefectPS.Flows;

/// <summary>A named, acyclic graph of tasks. Tasks are added until it first runs; from then on it does not change.</summary>
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
        ResultPlace = new(StoreName, IsOwn: false, Results, Checkpoints, Serializer);
    }

    /// <summary>A flow like another one, to try that with.</summary>
    /// <param name="original">The other one.</param>
    /// <param name="services">What it takes from its surroundings.</param>
    /// <param name="store">Its store; null for none: then nothing has a target.</param>
    /// <param name="copy">Copies a task for it.</param>
    internal Flow(Flow original, FlowServices services, IFlowStore? store, Func<FlowTask, Flow, FlowTask> copy)
    {
        (Name, Services, ParameterSet, Store) = (original.Name, services, original.ParameterSet, store);
        Target = store is null ? null : original.Target;
        Results = store is null ? null : new(store, services.Serializers);
        (Checkpoints, Serializer, BodySettings) = (original.Checkpoints, original.Serializer, original.BodySettings);
        (StateHandlers, FailureHandlers, Notification) = (original.StateHandlers, original.FailureHandlers, original.Notification);
        (RunSchedule, ReferenceTasks, RunTimeout) = (original.RunSchedule, original.ReferenceTasks, original.RunTimeout);
        (MaxCrashes, Retention, UndoOn) = (original.MaxCrashes, original.Retention, original.UndoOn);
        ResultPlace = new(StoreName, IsOwn: false, Results, Checkpoints, Serializer);
        ConcurrencyLimits = new FlowOptions().ConcurrencyLimits; // nothing of it is to be kept apart from what others do
        foreach (var task in original.Tasks)
            Add(copy(task, this));
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its tasks, in the order they were added.</summary>
    public IReadOnlyList<FlowTask> Tasks => _tasks;

    /// <summary>The names of its parameters, in the order they were declared.</summary>
    public IReadOnlyList<string> Parameters => ParameterSet.Names;

    /// <summary>Where the results of tasks without a target of their own are written; null where there is none.</summary>
    public TaskTarget? Target { get; }

    /// <summary>How long a run may take from its start, over all its steps; null for any time.</summary>
    public TimeSpan? RunTimeout { get; }

    /// <summary>How often the process may end while the body of a task runs alone, unless the task says otherwise.</summary>
    public int MaxCrashes { get; }

    /// <summary>The store of its results; null where they travel inside the state document.</summary>
    public string? StoreName => Store?.Name;

    /// <summary>When its runs begin, where a caller goes on with its newest run (-Resume); null where it has no schedule.</summary>
    public string? Schedule => RunSchedule?.ToString();

    internal FlowServices Services { get; }

    /// <summary>When its runs begin; null where somebody says so each time.</summary>
    internal FlowSchedule? RunSchedule { get; }

    /// <summary>Which of its finished runs its store keeps; null for all.</summary>
    internal RunRetention? Retention { get; }

    /// <summary>When the tasks of a run are undone without being asked; empty for never. Of flows inside another one that of the outermost counts.</summary>
    internal IReadOnlyList<UndoReason> UndoOn { get; }

    /// <summary>Whether its tasks have names alone: what they can do is not known.</summary>
    internal bool IsOutline { get; }

    /// <summary>How many bodies with a tag may run at a time in all runs of its store, by tag.</summary>
    internal IReadOnlyDictionary<string, int> ConcurrencyLimits { get; }

    internal IParameterSet ParameterSet { get; }

    internal IFlowStore? Store { get; }

    internal ResultStore? Results { get; }

    /// <summary>Whether results are written to the store, unless a task says otherwise.</summary>
    internal bool Checkpoints { get; }

    /// <summary>Whether its runs are on record unless someone asks for more: where it has a store, and its results are written there.</summary>
    internal bool RecordsRuns => Store is not null && Checkpoints && Services.Checkpoints();

    /// <summary>The form of results, unless a task says otherwise; null for what the extension of each location says.</summary>
    internal IResultSerializer? Serializer { get; }

    /// <summary>Where the results of its tasks are kept, and how, unless they say otherwise.</summary>
    internal ResultPlace ResultPlace { get; }

    internal IStateHandler[] StateHandlers { get; }

    internal IReadOnlyList<IRunHandler> FailureHandlers { get; }

    /// <summary>Who is told of its runs, and of what; null for nobody. Nobody is told of runs inside other ones.</summary>
    internal RunNotification? Notification { get; }

    internal IReadOnlyList<string> ReferenceTasks { get; }

    /// <summary>What the bodies of its tasks have in common, in the words of their language.</summary>
    internal object? BodySettings { get; }

    /// <summary>The compiled form, made on first use and again after a task was added.</summary>
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

    /// <summary>The target that is given, as a template or a function; null for none.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TargetInvalid"/>.</exception>
    internal static TaskTarget? TargetOf(string? template, ITargetFunction? function, TargetNames names) =>
        function is not null ? new ComputedTarget(function, names)
        : template is not null ? TargetTemplate.Parse(template, names)
        : null;

    /// <summary>The task with this slug or name, whatever its case; null where there is none.</summary>
    internal FlowTask? Find(string key) => _byKey.TryGet(key, out var task) ? task : null;

    /// <summary>Its plan, after which no task can be added, nor to the flows that its tasks run.</summary>
    /// <exception cref="FlowException">As of <see cref="Plan"/>, or <see cref="FlowErrorId.FlowInvalid"/>: too many flows are inside one another.</exception>
    internal FlowPlan Freeze()
    {
        if (!_frozen)
        {
            if (FlowDepth.Of(this) > Limits.MaxFlowDepth) // one of its flows was given flows of its own after it was made a task
                throw FlowErrors.SubflowsTooDeep(this);
            if (FlowSize.Of(this) > Limits.MaxTasks)
                throw FlowErrors.FlowTooLarge(this);
            _frozen = true;
            foreach (var task in _tasks)
                task.Subflow?.Freeze();
        }

        return Plan;
    }

    /// <summary>This flow and those that are bodies of its tasks, at any depth: each once, before those inside it.</summary>
    internal IEnumerable<Flow> WithSubflows() => WithSubflows([]);

    private IEnumerable<Flow> WithSubflows(HashSet<Flow> seen) =>
        seen.Add(this) ? _tasks.Select(task => task.Subflow).OfType<Flow>().SelectMany(inner => inner.WithSubflows(seen)).Prepend(this) : [];

    /// <summary>How another flow is reached from this one, as the body of a task of a task …: all flows on the way. Null where it is not.</summary>
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
