using System.Collections;
using System.Management.Automation;
using PrefectPS.Blocks;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Tasks;
using PrefectPS.Triggers;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Adds a task to a flow.</para></summary>
[Cmdlet(VerbsCommon.Add, "FlowTask", DefaultParameterSetName = DefinitionSet)]
[Alias("task")]
[OutputType(typeof(FlowTask))]
public sealed class AddFlowTaskCommand : FlowCmdlet
{
    private const string DefinitionSet = "Definition";
    private const string FlowSet = "Flow";
    private const string RowSet = "Row";

    private string _name = string.Empty;
    private string _former = string.Empty;

    /// <summary>The flow; not needed in the definition block of New-Flow.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = DefinitionSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = RowSet, Position = 0)]
    [ValidateNotNull]
    public Flow? Flow { get; set; }

    /// <summary>The task's name, unique in the flow.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = DefinitionSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string Name
    {
        get => _name;
        set => (_former, _name) = (_name, value); // a text in place of the block is bound here, over the name
    }

    /// <summary>What the task does; its output is the task's result.</summary>
    [Parameter(ParameterSetName = FlowSet, Position = 2)]
    [Parameter(ParameterSetName = DefinitionSet, Position = 1)]
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>A flow for the task to run, within the same steps; its result is that of its reference tasks.</summary>
    [Parameter]
    [ValidateNotNull]
    public Flow? Subflow { get; set; }

    /// <summary>The tasks that must have ended before; none for an empty list.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] After { get; set; } = [];

    /// <summary>Parameter of the script block = the task whose result it takes; of several tasks, an array of their results.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary InputFrom { get; set; } = new Hashtable();

    /// <summary>Parameter of the script block = the task over whose result the task is mapped: it runs once for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Map { get; set; } = new Hashtable();

    /// <summary>Parameter of the script block = a list over which the task is mapped: it runs once for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary MapArgument { get; set; } = new Hashtable();

    /// <summary>Parameter of the script block = the parameter of the flow over whose value the task is mapped: it runs once for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary MapParameter { get; set; } = new Hashtable();

    /// <summary>Map over the elements of the elements.</summary>
    [Parameter]
    public SwitchParameter Flatten { get; set; }

    /// <summary>How many children of a map have to succeed, below 1 a fraction of them: with so many the rest is not begun, and the task has succeeded.</summary>
    [Parameter]
    public double? MapAtLeast { get; set; }

    /// <summary>How many children of a map may fail, below 1 a fraction of them: with more the rest is not begun, and the task has failed.</summary>
    [Parameter]
    public double? MapAtMostFailed { get; set; }

    /// <summary>Parameter of the script block = its value.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Argument { get; set; } = new Hashtable();

    /// <summary>Parameter of the script block = the name of a secret that it takes, looked up when the task runs and written nowhere.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary SecretFrom { get; set; } = new Hashtable();

    /// <summary>The task's key in state documents; its name unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Slug { get; set; }

    /// <summary>Words to find the task by.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>Where in the store the result is written: a path with variables, or a script block that puts one out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public object? Target { get; set; }

    /// <summary>Run the task again where its target was made by another script, or of other inputs.</summary>
    [Parameter]
    [ValidateNotNull]
    public RerunOn[] RerunOn { get; set; } = [];

    /// <summary>Files, as of the session's location, with wildcards or without: the task runs again where its target is older than one of them.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] SourceFile { get; set; } = [];

    /// <summary>The form that the result is stored in, in place of the one that the extension of the target stands for.</summary>
    [Parameter]
    [ValidateSet("Json", "Clixml", "Text", "Bytes", "File")]
    public string? Serializer { get; set; }

    /// <summary>The result is a secret: it is never written, and a task that needs it in a later step makes this one run again.</summary>
    [Parameter]
    public SwitchParameter Sensitive { get; set; }

    /// <summary>Where the task's results are kept, in place of the flow's store: its address, or one that New-FlowStore made.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object? Store { get; set; }

    /// <summary>Do not write the result to the store: it travels inside the state document.</summary>
    [Parameter]
    public SwitchParameter NoCheckpoint { get; set; }

    /// <summary>When the task runs, as its upstream tasks stand: the name of a trigger, or a script block that is given them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TriggerCompleter))]
    public object? Trigger { get; set; }

    /// <summary>The least number of upstream tasks for SomeFailed and SomeSuccessful; below 1 a fraction of them.</summary>
    [Parameter]
    public double? AtLeast { get; set; }

    /// <summary>The most upstream tasks for SomeFailed and SomeSuccessful; below 1 a fraction of them.</summary>
    [Parameter]
    public double? AtMost { get; set; }

    /// <summary>Whether the task is skipped when one of its upstream tasks was; true unless given.</summary>
    [Parameter]
    public bool SkipOnUpstreamSkip { get; set; } = true;

    /// <summary>A block over some of the task's inputs and arguments; when it is not true, the task is Skipped.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? When { get; set; }

    /// <summary>How often the task may run again after it failed.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaxRetries { get; set; }

    /// <summary>How long to wait before each retry; the last one given counts for all that follow.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    [ValidateNotNullOrEmpty]
    public TimeSpan[] RetryDelay { get; set; } = [];

    /// <summary>Whether the delays stay the same or double.</summary>
    [Parameter]
    public RetryBackoff RetryBackoff { get; set; }

    /// <summary>The part of each delay, from 0 to 1, that chance adds at most.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double RetryJitter { get; set; }

    /// <summary>What to retry: exception types, error ids, script blocks that are given the error. Every failure unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? RetryOn { get; set; }

    /// <summary>For how long the result is used again, in this run and later ones, instead of running the task.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? CacheFor { get; set; }

    /// <summary>What the result depends on: a name, or a hashtable of the names of inputs and parameters. On nothing unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CacheValidatorCompleter))]
    public object? CacheValidator { get; set; }

    /// <summary>A name for the result, shared by all tasks that give the same one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CacheKey { get; set; }

    /// <summary>How long one run of the task may take: then it is stopped, and TimedOut.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How often the process may end while the task runs: then it is Failed, and not run again. What the flow says unless given.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int? MaxCrashes { get; set; }

    /// <summary>The event that the task waits for once it could begin, by its name, which may have a target's variables; what it brings is given to the block.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string? WaitForEvent { get; set; }

    /// <summary>Run the block again and again, over steps, until this block, with what it has returned as $_, is true; that is the result.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Until { get; set; }

    /// <summary>How long to wait between two polls; a minute unless given.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? PollInterval { get; set; }

    /// <summary>How long to wait once the task could begin, before it does.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? Delay { get; set; }

    /// <summary>How long it waits for its event, or polls; any time unless given.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? WaitTimeout { get; set; }

    /// <summary>What becomes of the task where its event has not come, or no answer was taken, in that time.</summary>
    [Parameter]
    public WaitTimeoutAction WaitTimeoutAction { get; set; }

    /// <summary>How long the task is expected to run: with less time left in a step it is not started.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? ExpectedDuration { get; set; }

    /// <summary>Called with the task, its old and its new state, whenever its state changes.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock[] StateHandler { get; set; } = [];

    /// <summary>Called with the task and its state whenever it has failed, whether it is retried or not.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock[] OnFailure { get; set; } = [];

    /// <summary>Takes back what the task has done, given its result: called where its run is undone.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Undo { get; set; }

    /// <summary>A task as an object, whose properties have the names of parameters.</summary>
    [Parameter(ParameterSetName = RowSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Return the task.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var task = InputObject is null ? DefineBound() : DefineRow(InputObject);
        if (PassThru)
            WriteObject(task);
    }

    /// <summary>Demands that there is one thing to do.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: there is none, or two.</exception>
    internal void DemandBody()
    {
        if (ScriptBlock is null == Subflow is null)
            throw _former.Length > 0 ? ModuleErrors.TextForBody(_former, Name) : ModuleErrors.OneBodyRequired(Name, isGiven: Subflow is not null);
    }

    /// <summary>Adds the task that the parameters describe, which has a body.</summary>
    /// <param name="flow">To this flow.</param>
    /// <param name="session">Where the addresses of stores are of.</param>
    /// <param name="saysCheckpoint">Whether <see cref="NoCheckpoint"/> was given.</param>
    /// <param name="warn">Takes warnings.</param>
    internal FlowTask Define(Flow flow, SessionState session, bool saysCheckpoint, Action<string> warn)
    {
        var inputs = InputParameter.Resolve(Name, Map, InputFrom, MapArgument, MapParameter);
        if (new Threshold(AtLeast, AtMost).AcceptsNothing)
            warn($"Task '{Name}': no number of upstream tasks is both -AtLeast {AtLeast} and -AtMost {AtMost}, so it can only run without upstream tasks.");
        if (Flatten && !inputs.IsMapped)
            throw FlowErrors.TaskInvalid(Name, "-Flatten needs -Map, -MapArgument or -MapParameter, which say what to map over");
        KeyValuePair<string, object?>[] arguments = [.. NamedValues.InOrder(Argument)];
        var secrets = SecretParameter.Resolve(Name, SecretFrom, ScriptBlock);
        string[] given = [.. inputs.TaskNames, .. arguments.Select(a => a.Key), .. secrets.Select(secret => secret.Key), .. inputs.Lists.Select(list => list.Name)];
        string[] parameters = [.. flow.Parameters.Except(given, StringComparer.OrdinalIgnoreCase).Where(IsWanted)];
        if (WaitForEvent is null && Until is null && (WaitTimeout is not null || WaitTimeoutAction != default))
            throw FlowErrors.TaskInvalid(Name, "-WaitTimeout and -WaitTimeoutAction need -WaitForEvent or -Until, which says what for");
        var wait = EventParameter.Resolve(WaitForEvent, WaitTimeout, WaitTimeoutAction, ScriptBlock, Subflow, given, parameters);
        string[] taken = [.. given, .. parameters.Where(IsTaken)];
        return flow.Add(new(Name, ScriptBlock is null ? null : new ScriptBlockBody(Name, ScriptBlock, given, parameters, ScriptSettings.Of(flow), wait))
        {
            Event = wait,
            Poll = PollParameter.Resolve(Name, Until, PollInterval, WaitTimeout, WaitTimeoutAction),
            Delay = Delay,
            Subflow = Subflow,
            Slug = Slug,
            Tags = Tag,
            After = After,
            Map = inputs.Map,
            MapSources = inputs.Lists,
            Flatten = Flatten,
            Goal = MapAtLeast is null && MapAtMostFailed is null ? null : new(MapAtLeast, MapAtMostFailed),
            InputFrom = inputs.Single,
            Gathered = inputs.Gathered,
            Arguments = arguments,
            Secrets = secrets,
            Parameters = parameters,
            Target = TargetParameter.Template(Target),
            TargetFunction = TargetParameter.Function(Target),
            Rerun = RerunParameter.Resolve(Name, RerunOn, SourceFile, taken, session),
            Serializer = Serializer,
            IsSensitive = Sensitive,
            Checkpoints = saysCheckpoint ? !NoCheckpoint : null,
            Store = Store is null ? null : StoreResolver.Resolve(Store, session),
            Trigger = TriggerParameter.Resolve(Name, Trigger, AtLeast, AtMost),
            SkipOnUpstreamSkip = SkipOnUpstreamSkip,
            When = When is null ? null : new ScriptBlockCondition(Name, When, [.. given, .. parameters], ScriptSettings.Of(flow).Setup),
            Retry = RetryParameter.Resolve(Name, MaxRetries, RetryDelay, RetryBackoff, RetryJitter, RetryOn),
            Cache = CacheParameter.Resolve(Name, CacheFor, CacheValidator, CacheKey, taken, flow.Parameters),
            Undo = Undo is null ? null : new ScriptBlockUndo(Undo, ScriptSettings.Of(flow)),
            ExpectedDuration = ExpectedDuration,
            Timeout = Timeout,
            MaxCrashes = MaxCrashes,
            RunsBeside = ScriptBlock is not null && UsingVariables.AreIn(ScriptBlock),
            StateHandlers = [.. StateHandler.Select(block => new ScriptBlockHandler(block))],
            FailureHandlers = [.. OnFailure.Select(block => new FailureHandler(block))],
        });
    }

    private FlowTask DefineBound()
    {
        DemandBody();
        var flow = Flow ?? FlowDefinition.Current ?? throw ModuleErrors.FlowRequired(Name);
        return Define(flow, SessionState, MyInvocation.BoundParameters.ContainsKey(nameof(NoCheckpoint)), WriteWarning);
    }

    private FlowTask DefineRow(PSObject row)
    {
        if (row.BaseObject is IDictionary)
            throw ModuleErrors.TablePiped();
        if (row.BaseObject is Flow piped)
            throw ModuleErrors.NameRequired(piped.Name);
        var flow = Flow ?? PowerShellValues.Instance.Unwrap(row.Properties[nameof(Flow)]?.Value) as Flow ?? FlowDefinition.Current;
        return new TaskRows(flow ?? throw ModuleErrors.FlowRequired($"{row.Properties[nameof(Name)]?.Value ?? "load"}"), SessionState, WriteWarning)
            .AddPiped(row, MyInvocation.BoundParameters);
    }

    // A block declares what it takes of the flow's parameters, and may leave the others; a subflow takes those that it has.
    private bool IsWanted(string parameter) => Subflow?.Parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase) != false;

    private bool IsTaken(string parameter) => ScriptBlock is null || new BlockParameters(ScriptBlock).Has(parameter);
}
