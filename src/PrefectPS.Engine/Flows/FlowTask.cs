using System.Globalization;
using PrefectPS.Results;
using PrefectPS.States;

namespace PrefectPS.Flows;

/// <summary>A task of a flow. Immutable.</summary>
public sealed partial class FlowTask
{
    private TaskExtras _extras;
    private ResultPlace _place;

    internal FlowTask(Flow flow, int index, TaskOptions options)
    {
        Flow = flow;
        _extras = TaskExtras.Of(options);
        Index = index;
        Name = CheckName(options.Name, "name");
        Slug = CheckName(options.Slug ?? options.Name, "slug");
        if (options.Tags.FirstOrDefault(tag => DefinedName.FaultIn(tag) is not null) is { } badTag)
            throw FlowErrors.TaskInvalid(Name, $"its tag {DefinedName.FaultIn(badTag)}");
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
        if (Subflow is not null && options.MaxCrashes is not null)
            throw FlowErrors.OptionOfBlock(Name, "-MaxCrashes");
        if (Subflow is not null && options.Undo is not null)
            throw FlowErrors.OptionOfBlock(Name, "-Undo");
        MaxCrashes = options.MaxCrashes ?? flow.MaxCrashes;
        RunsBeside = options.RunsBeside || Timeout is not null;
        TriggerRule = options.Trigger;
        SkipOnUpstreamSkip = options.SkipOnUpstreamSkip;
        IsSensitive = options.IsSensitive;
        string[] bound = [.. Given];
        Target = Flow.TargetOf(options.Target, options.TargetFunction, new(bound, flow.Parameters));
        if (IsSensitive && Target is not null)
            throw FlowErrors.TaskInvalid(Name, "a sensitive result is never written, so it has no target");
        if (Cache is not null && IsSensitive)
            throw FlowErrors.TaskInvalid(Name, "a sensitive result is never written, so it is not cached");
        if (Cache is not null && Target is not null)
            throw FlowErrors.TaskInvalid(Name, "it is given both -Target and -CacheFor; what is at its target is not made again, however old it is");
        if (Event is not null)
            _extras = _extras with { EventName = ParseEvent(Event, bound) };
        if (Poll is not null)
            CheckPoll(Poll);
        Target ??= IsSensitive || Cache is not null || Event is not null ? null : flow.Target;
        if (Rerun is not null && Target is null)
            throw FlowErrors.TaskInvalid(Name, "-RerunOn and -SourceFile are about a target, and it has none; give it one with -Target");
        var place = new ResultPlace(options, flow);
        _place = place == flow.ResultPlace ? flow.ResultPlace : place;
        if (Target is not null && Results is null)
            throw FlowErrors.TargetWithoutStore(Target.Text, $"task '{Name}'");
        if (Subflow is not null)
            CheckSubflow(Subflow);
        if (Cache is not null)
            CheckCache(Cache);
        if (bound.Length > 1 && bound.GroupBy(p => p, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw FlowErrors.TaskInvalid(Name, $"its parameter '{twice.Key}' is given both an input and an argument");
        if (MapSources.Count > 0)
            CheckMapSources();
        if (Goal is not null)
            CheckGoal(Goal);
    }

    /// <summary>The flow it belongs to.</summary>
    public Flow Flow { get; private set; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its unique key in the flow and in state documents: its name unless another was given.</summary>
    public string Slug { get; }

    /// <summary>Its tags, sorted, each once.</summary>
    public IReadOnlyList<string> Tags { get; } = [];

    /// <summary>The tasks it comes after, as they were named.</summary>
    public IReadOnlyList<string> After { get; }

    /// <summary>Parameter of the body -> the task whose result it takes, as it was named; those that are mapped over come first, those that an array is made of last.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> InputFrom { get; private set; }

    /// <summary>Where its result is written; null where it has no target.</summary>
    public TaskTarget? Target { get; private set; }

    /// <summary>Whether its result is a secret, which is never written.</summary>
    public bool IsSensitive { get; }

    /// <summary>The store of its results, its own or the flow's; null where they travel inside the state document.</summary>
    public string? StoreName => _place.StoreName;

    /// <summary>How long its body is expected to run; null where that is not known.</summary>
    public TimeSpan? ExpectedDuration => _extras.ExpectedDuration;

    /// <summary>How long one run of its body may take before it is stopped; null for any time.</summary>
    public TimeSpan? Timeout => _extras.Timeout;

    /// <summary>How often the process of a step may end while its body runs: then it is Failed.</summary>
    public int MaxCrashes { get; }

    /// <summary>The name of the event that it waits for before it runs, with its variables; null where it waits for none.</summary>
    public string? WaitForEvent => Event?.Name;

    /// <summary>How long it waits for its event, or polls; null for any time.</summary>
    public TimeSpan? WaitTimeout => Event?.Timeout ?? Poll?.Timeout;

    /// <summary>What becomes of it where its event has not come, or no answer of its polls was taken, in that time; null where it waits for any time.</summary>
    public string? WaitTimeoutAction => WaitTimeout is null ? null : (Event?.TimeoutAction ?? Poll!.TimeoutAction).ToString();

    /// <summary>How long it waits once it could begin; null for not at all.</summary>
    public TimeSpan? Delay => _extras.Delay;

    /// <summary>What it does; null where that is a flow.</summary>
    public ITaskBody? Body { get; private set; }

    /// <summary>The flow that it runs; null where it has a body of its own.</summary>
    public Flow? Subflow => _extras.Subflow;

    /// <summary>All tasks it waits for, each once: those it comes after, then those it takes results from.</summary>
    public IEnumerable<string> Upstream => After.Concat(InputFrom.Select(i => i.Value)).Distinct(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it runs once for each element of its inputs.</summary>
    public bool IsMapped => MapCount > 0 || MapSources.Count > 0;

    internal int Index { get; }

    /// <summary>How many of its inputs are mapped over: the first ones.</summary>
    internal int MapCount { get; }

    /// <summary>The lists that it is mapped over besides.</summary>
    internal IReadOnlyList<MapSource> MapSources => _extras.MapSources;

    /// <summary>How many of its inputs are of one task each: the first ones.</summary>
    internal int SingleCount { get; }

    /// <summary>Its inputs that are made of several tasks each.</summary>
    internal GatheredInput[] Gathered => _extras.Gathered;

    /// <summary>How many parameters of the body take inputs.</summary>
    internal int InputCount { get; private set; }

    /// <summary>Whether its results are in another store than the flow's.</summary>
    internal bool HasOwnStore => _place.IsOwn;

    /// <summary>Its results, in <see cref="StoreName"/>.</summary>
    internal ResultStore? Results => _place.Results;

    /// <summary>Whether its results are written to the store.</summary>
    internal bool Checkpoints => _place.Checkpoints;

    /// <summary>The form of its results; null for what the extension of their location says.</summary>
    internal IResultSerializer? ResultSerializer => _place.Serializer;

    internal IReadOnlyList<KeyValuePair<string, object?>> Arguments { get; }

    /// <summary>Whether some of <see cref="Arguments"/> are secrets that are given by name.</summary>
    internal bool HasNamedSecrets { get; }

    internal IReadOnlyList<string> Parameters { get; private set; }

    internal IStateHandler[] StateHandlers { get; }

    internal ITrigger TriggerRule { get; }

    internal RetryPolicy? Retry => _extras.Retry;

    /// <summary>The event that it waits for before its body runs; null for none.</summary>
    internal EventWait? Event => _extras.Event;

    /// <summary>The name of <see cref="Event"/>, as it is made.</summary>
    internal TargetTemplate? EventName => _extras.EventName;

    /// <summary>What makes it run again though its target is there; null for nothing.</summary>
    internal RerunPolicy? Rerun => _extras.Rerun;

    /// <summary>How often its body runs until what it returns is taken; null where it always is.</summary>
    internal PollPolicy? Poll => _extras.Poll;

    /// <summary>For how long its result is used in later runs; null where it always runs.</summary>
    internal CachePolicy? Cache => _extras.Cache;

    /// <summary>When its children are enough, or too many have failed; null where all of them run.</summary>
    internal MapGoal? Goal => _extras.Goal;

    /// <summary>Takes back what its body has done; null where nothing can.</summary>
    internal ITaskUndo? UndoBody => _extras.Undo;

    internal ITaskCondition? Condition => _extras.Condition;

    /// <summary>Whether its body runs beside the step's thread whatever the throttle: it can only run there, or may have to be stopped.</summary>
    internal bool RunsBeside { get; private set; }

    /// <summary>Its slug, by which the cmdlets take it.</summary>
    public override string ToString() => Slug;

    /// <summary>The parameters of the body that are given something, each as often as it is.</summary>
    internal IEnumerable<string> Given => InputFrom.Take(SingleCount).Select(i => i.Key)
        .Concat(Gathered.Select(input => input.Name)).Concat(Arguments.Select(a => a.Key)).Concat(MapSources.Select(source => source.Name));

    /// <summary>A task like this one, in the double of its flow.</summary>
    /// <param name="flow">The double.</param>
    /// <param name="mock">What stands in for its body, which runs where and when the step asks for it; null for its own.</param>
    /// <param name="subflow">The double of the flow that it runs; null for none.</param>
    internal FlowTask CopyTo(Flow flow, FlowMock? mock, Flow? subflow)
    {
        var copy = (FlowTask)MemberwiseClone();
        (copy.Flow, copy._place) = (flow, _place with { StoreName = flow.StoreName, IsOwn = false, Results = flow.Results });
        copy._extras = _extras with { Subflow = subflow };
        if (flow.Store is null)
        {
            copy.Target = null;
            copy._extras = copy._extras with { Cache = null, Rerun = null };
        }

        if (mock is not null)
        {
            (copy.Body, copy.Parameters, copy.RunsBeside) = (mock.Body, mock.Parameters, false);
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
        if (Cache is not null)
            throw FlowErrors.TaskInvalid(Name, "what comes of an event is of this run alone, so it is not cached");
        if (wait.Timeout is null && wait.TimeoutAction != default)
            throw FlowErrors.TaskInvalid(Name, "-WaitTimeoutAction needs -WaitTimeout, which says when");
        try
        {
            return TargetTemplate.Parse(wait.Name, new(bound, Flow.Parameters));
        }
        catch (FlowException e) when (e.Id == FlowErrorId.TargetInvalid)
        {
            throw FlowErrors.TaskInvalid(Name, $"its -WaitForEvent is not a valid name with target variables. {e.Message.TrimEnd('.')}");
        }
    }

    private void CheckPoll(PollPolicy poll)
    {
        if (Event is not null)
            throw FlowErrors.TaskInvalid(Name, "it is given both -Until and -WaitForEvent; wait for the event in one task, and poll in another that comes after it");
        if (Subflow is not null)
            throw FlowErrors.TaskInvalid(Name, "-Until only applies to a script block; specify it for a task of the subflow");
        if (poll.Timeout is null && poll.TimeoutAction != default)
            throw FlowErrors.TaskInvalid(Name, "-WaitTimeoutAction needs -WaitTimeout, which says when");
    }

    private void CheckMapSources()
    {
        foreach (var source in MapSources)
        {
            if (source.Parameter is null && MapSource.ListOf(source.Constant) is null)
                throw FlowErrors.TaskInvalid(Name, $"its parameter '{source.Name}' is to be mapped over {source.Constant}, which is not a list");
            if (source.Parameter is { } parameter && !Flow.Parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase))
            {
                var known = Flow.Parameters.Count == 0 ? "none" : string.Join(", ", Flow.Parameters);
                throw FlowErrors.TaskInvalid(Name, $"it is mapped over '{parameter}', which is not a parameter of its flow; the parameters are {known}");
            }
        }
    }

    private void CheckGoal(MapGoal goal)
    {
        if (!IsMapped)
            throw FlowErrors.TaskInvalid(Name, "-MapAtLeast and -MapAtMostFailed need -Map, -MapArgument or -MapParameter, which say what to map over");
        CheckNumber("-MapAtLeast", "have to succeed", goal.AtLeast, least: double.Epsilon);
        CheckNumber("-MapAtMostFailed", "may fail", goal.AtMostFailed, least: 0);
    }

    private void CheckNumber(string parameter, string what, double? given, double least)
    {
        if (given is { } number && !(number >= least && MapGoal.IsNumber(number)))
        {
            throw FlowErrors.TaskInvalid(Name,
                $"{parameter} is how many of its children {what}: a whole number from {(least > 0 ? 1 : 0)} to {Limits.MaxChildren}, or a fraction of them below 1; "
                + $"{number.ToString(CultureInfo.InvariantCulture)} is neither");
        }
    }

    private void CheckSubflow(Flow subflow)
    {
        if (subflow.PathTo(Flow) is { } path)
            throw FlowErrors.SubflowCycle(Flow, Name, path);
        if (FlowDepth.Of(subflow) >= Limits.MaxFlowDepth)
            throw FlowErrors.SubflowsTooDeep(Flow);
        if (subflow.RunTimeout is not null)
            throw FlowErrors.TaskInvalid(Name, $"its flow '{subflow.Name}' has -RunTimeout, which is about a run of its own; give it to flow '{Flow.Name}'");
        if (Timeout is not null)
            throw FlowErrors.OptionOfBlock(Name, "-Timeout");
        if (Given.FirstOrDefault(name => !subflow.Parameters.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw FlowErrors.SubflowParameterNotFound(Name, unknown, subflow);
    }

    private void CheckCache(CachePolicy cache)
    {
        string[] inputs = [.. Given, .. Parameters];
        CheckKnown(cache.Inputs, inputs, "input");
        CheckKnown(cache.Parameters, Flow.Parameters, "parameter of its flow");
    }

    private void CheckKnown(IReadOnlyList<string> named, IReadOnlyList<string> known, string what)
    {
        if (named.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw FlowErrors.TaskInvalid(Name,
                $"-CacheValidator names '{unknown}', which is not an existing {what}; there {(known.Count == 0 ? "are none" : $"are {string.Join(", ", known)}")}");
    }

    // A name as the task that has it has it: who defines very many tasks makes a string of it for each that comes after.
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
