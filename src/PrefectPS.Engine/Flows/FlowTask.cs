using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task of a flow. Immutable.</summary>
public sealed partial class FlowTask
{
    private TaskExtras _extras;
    private ResultSettings _results;

    internal FlowTask(Flow flow, int index, TaskOptions options)
    {
        Flow = flow;
        _extras = TaskExtras.Of(options);
        Index = index;
        Name = CheckName(options.Name, "name");
        Slug = CheckName(options.Slug ?? options.Name, "slug");
        TaskValidation.CheckTags(Name, options.Tags);
        if (options.Tags.Count > 0)
            Tags = [.. options.Tags.Distinct(StringComparer.OrdinalIgnoreCase).OrderBy(t => t, StringComparer.Ordinal)];
        After = Shared(options.After);
        MapCount = options.Map.Count;
        Flatten = options.Flatten;
        InputFrom = MapCount == 0 ? options.InputFrom : [.. options.Map, .. options.InputFrom];
        SingleCount = InputCount = InputFrom.Count;
        if (options.Gathered.Count > 0)
            Gather(options.Gathered);
        Arguments = options.Secrets.Count == 0
            ? options.Arguments
            : [.. options.Arguments, .. options.Secrets.Select(secret => new KeyValuePair<string, object?>(secret.Key, secret.Value))];
        HasNamedSecrets = options.Secrets.Count > 0;
        Parameters = options.Parameters;
        Body = options.Body;
        StateHandlers = [.. options.StateHandlers, .. options.FailureHandlers];
        if (Subflow is not null)
            TaskValidation.CheckSubflowOptions(Name, options);
        MaxCrashes = options.MaxCrashes ?? flow.MaxCrashes;
        RunsOffThread = options.RunsOffThread || Timeout is not null;
        TriggerRule = options.Trigger;
        SkipOnUpstreamSkip = options.SkipOnUpstreamSkip;
        IsSensitive = options.IsSensitive;
        string[] bound = [.. Given];
        Target = Flow.TargetOf(options.Target, options.TargetFunction, new(bound, flow.Parameters));
        TaskValidation.CheckResult(this);
        if (Event is not null)
            _extras = _extras with { EventName = ParseEvent(Event, bound) };
        if (Poll is not null)
            TaskValidation.CheckPoll(this, Poll);
        Target ??= IsSensitive || Cache is not null || Event is not null ? null : flow.Target;
        if (Rerun is not null && Target is null)
            throw FlowErrors.TaskInvalid(Name, "-RerunOn and -SourceFile are about a target, and it has none; give it one with -Target");
        var results = new ResultSettings(options, flow);
        _results = results == flow.ResultSettings ? flow.ResultSettings : results;
        if (Target is not null && Results is null)
            throw FlowErrors.TargetWithoutStore(Target.Text, $"task '{Name}'");
        if (Subflow is not null)
            TaskValidation.CheckSubflow(this, Subflow);
        if (Cache is not null)
            TaskValidation.CheckCache(this, Cache);
        if (bound.Length > 1)
            TaskValidation.CheckDistinct(Name, bound);
        if (MapSources.Count > 0)
            TaskValidation.CheckMapSources(this);
        if (Goal is not null)
            TaskValidation.CheckGoal(this, Goal);
    }

    /// <summary>The flow the task belongs to.</summary>
    public Flow Flow { get; private set; }

    /// <summary>The task's name.</summary>
    public string Name { get; }

    /// <summary>Unique key in the flow and in state documents: the name unless given.</summary>
    public string Slug { get; }

    /// <summary>The tags, sorted and distinct.</summary>
    public IReadOnlyList<string> Tags { get; } = [];

    /// <summary>Upstream tasks without data flow, as named in the definition.</summary>
    public IReadOnlyList<string> After { get; }

    /// <summary>Body parameter -> the upstream task whose result it takes, as named in the definition. Mapped inputs come first, gathered inputs last.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InputFrom { get; private set; }

    /// <summary>Target of the result; null if the task has none.</summary>
    public TaskTarget? Target { get; private set; }

    /// <summary>True if the result is secret and never written.</summary>
    public bool IsSensitive { get; }

    /// <summary>Name of the store for results, its own or the flow's; null if results travel inside the state document.</summary>
    public string? StoreName => _results.StoreName;

    /// <summary>Expected duration of the body; null if not known.</summary>
    public TimeSpan? ExpectedDuration => _extras.ExpectedDuration;

    /// <summary>Maximum duration of an attempt; null for no limit.</summary>
    public TimeSpan? Timeout => _extras.Timeout;

    /// <summary>Number of process crashes that the body survives before the task fails.</summary>
    public int MaxCrashes { get; }

    /// <summary>Template of the event's name that the task waits for; null if it waits for none.</summary>
    public string? WaitForEvent => Event?.Name;

    /// <summary>Maximum time to wait for the event, or to poll; null for no limit.</summary>
    public TimeSpan? WaitTimeout => Event?.Timeout ?? Poll?.Timeout;

    /// <summary>Action when the wait times out; null if it has no limit.</summary>
    public string? WaitTimeoutAction => WaitTimeout is null ? null : (Event?.TimeoutAction ?? Poll!.TimeoutAction).ToString();

    /// <summary>Delay before the task starts once it is ready; null for none.</summary>
    public TimeSpan? Delay => _extras.Delay;

    /// <summary>The body; null if the body is a flow.</summary>
    public ITaskBody? Body { get; private set; }

    /// <summary>The flow that is the body; null if the task has a body of its own.</summary>
    public Flow? Subflow => _extras.Subflow;

    /// <summary>All direct upstream tasks, distinct: those of <see cref="After"/>, then those of <see cref="InputFrom"/>.</summary>
    public IEnumerable<string> Upstream => After.Concat(InputFrom.Select(i => i.Value)).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>True if the task is mapped: it runs once per element of its inputs.</summary>
    public bool IsMapped => MapCount > 0 || MapSources.Count > 0;

    internal int Index { get; }

    /// <summary>Number of mapped inputs; they come first.</summary>
    internal int MapCount { get; }

    /// <summary>Constant lists and flow parameters that the task is mapped over.</summary>
    internal IReadOnlyList<MapSource> MapSources => _extras.MapSources;

    /// <summary>Number of inputs that take the result of one task; they come before the gathered ones.</summary>
    internal int SingleCount { get; }

    /// <summary>Inputs that gather the results of several tasks.</summary>
    internal GatheredInput[] Gathered => _extras.Gathered;

    /// <summary>Number of body parameters that take inputs.</summary>
    internal int InputCount { get; private set; }

    /// <summary>True if the task has a store of its own.</summary>
    internal bool HasOwnStore => _results.IsOwn;

    /// <summary>The result store named <see cref="StoreName"/>.</summary>
    internal ResultStore? Results => _results.Results;

    /// <summary>True if results are written to the store.</summary>
    internal bool Checkpoints => _results.Checkpoints;

    /// <summary>The result serializer; null to choose it by the location's extension.</summary>
    internal IResultSerializer? ResultSerializer => _results.Serializer;

    internal IReadOnlyList<KeyValuePair<string, object?>> Arguments { get; }

    /// <summary>True if <see cref="Arguments"/> contains secrets given by name.</summary>
    internal bool HasNamedSecrets { get; }

    internal IReadOnlyList<string> Parameters { get; private set; }

    internal IStateHandler[] StateHandlers { get; }

    internal ITrigger TriggerRule { get; }

    internal RetryPolicy? Retry => _extras.Retry;

    /// <summary>The event the task waits for before its body runs; null if none.</summary>
    internal EventWait? Event => _extras.Event;

    /// <summary>Parsed name template of <see cref="Event"/>.</summary>
    internal TargetTemplate? EventName => _extras.EventName;

    /// <summary>Changes that make the task run again although its target exists; null if none.</summary>
    internal RerunPolicy? Rerun => _extras.Rerun;

    /// <summary>Polling of the body until its answer is accepted; null if the task does not poll.</summary>
    internal PollPolicy? Poll => _extras.Poll;

    /// <summary>Caching of the result across runs; null if the task is not cached.</summary>
    internal CachePolicy? Cache => _extras.Cache;

    /// <summary>Goal that ends a map early, once enough children have succeeded or too many failed; null if all run.</summary>
    internal MapGoal? Goal => _extras.Goal;

    /// <summary>Reverts the effects of the body; null if the task cannot be undone.</summary>
    internal ITaskUndo? UndoBody => _extras.Undo;

    internal ITaskCondition? Condition => _extras.Condition;

    /// <summary>True if the body always runs off the step's thread: it requires that, or may have to be stopped.</summary>
    internal bool RunsOffThread { get; private set; }

    /// <summary>The slug, which cmdlets accept as the task.</summary>
    public override string ToString() => Slug;

    /// <summary>Body parameters that get a value, repeated if given more than once.</summary>
    internal IEnumerable<string> Given => InputFrom.Take(SingleCount).Select(i => i.Key)
        .Concat(Gathered.Select(input => input.Name)).Concat(Arguments.Select(a => a.Key)).Concat(MapSources.Select(source => source.Name));

    /// <summary>Copies the task into the test double of its flow.</summary>
    /// <param name="flow">The double.</param>
    /// <param name="mock">Replaces the body, and runs at once on the step's thread; null to keep the body.</param>
    /// <param name="subflow">The double of its subflow; null if none.</param>
    internal FlowTask CopyTo(Flow flow, FlowMock? mock, Flow? subflow)
    {
        var copy = (FlowTask)MemberwiseClone();
        (copy.Flow, copy._results) = (flow, _results with { StoreName = flow.StoreName, IsOwn = false, Results = flow.Results });
        copy._extras = _extras with { Subflow = subflow };
        if (flow.Store is null)
        {
            copy.Target = null;
            copy._extras = copy._extras with { Cache = null, Rerun = null };
        }

        if (mock is not null)
        {
            (copy.Body, copy.Parameters, copy.RunsOffThread) = (mock.Body, mock.Parameters, false);
            copy._extras = copy._extras with { Timeout = null, Event = null, EventName = null, Poll = null, Delay = null, Undo = _extras.Undo is null ? null : mock.Undo };
        }

        return copy;
    }

    private void Gather(IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> inputs)
    {
        var entries = new List<KeyValuePair<string, string>>();
        _extras = _extras with { Gathered = GatheredInput.From(inputs, SingleCount, entries) };
        InputFrom = [.. InputFrom, .. entries];
        InputCount = SingleCount + Gathered.Length;
    }

    private TargetTemplate ParseEvent(EventWait wait, string[] bound)
    {
        TaskValidation.CheckEvent(this, wait);
        try
        {
            return TargetTemplate.Parse(wait.Name, new(bound, Flow.Parameters));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.TargetInvalid)
        {
            throw FlowErrors.TaskInvalid(Name, $"its -WaitForEvent is not a valid name with target variables. {e.Message.TrimEnd('.')}");
        }
    }

    // Reuses the slug string of the named task: a script that defines very many tasks creates a new string per reference.
    private string[] Shared(IReadOnlyList<string> names)
    {
        var shared = names.Count == 0 ? [] : new string[names.Count];
        for (var i = 0; i < shared.Length; i++)
            shared[i] = Flow.Find(names[i]) is { } task && task.Slug == names[i] ? task.Slug : names[i];
        return shared;
    }

    private string CheckName(string name, string what) =>
        DefinedName.FaultIn(name) is { } fault ? throw FlowErrors.TaskInvalid(DefinedName.Show(Name ?? name), $"its {what} {fault}") : name;
}
