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
        set => (_former, _name) = (_name, value); // a text instead of the block is bound here and replaces the name
    }

    /// <summary>What the task does; its output is the task's result.</summary>
    [Parameter(ParameterSetName = FlowSet, Position = 2)]
    [Parameter(ParameterSetName = DefinitionSet, Position = 1)]
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNull]
    public ScriptBlock? ScriptBlock { get; set; }

    /// <summary>A subflow that the task runs within the same steps; its result is that of its reference tasks.</summary>
    [Parameter]
    [ValidateNotNull]
    public Flow? Subflow { get; set; }

    /// <summary>The tasks that must have ended before; none for an empty list.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] After { get; set; } = [];

    /// <summary>Parameters of the script block and the tasks whose results they receive; for several tasks, an array of their results.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary InputFrom { get; set; } = new Hashtable();

    /// <summary>Parameters of the script block and the tasks over whose results the task is mapped: it runs once for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Map { get; set; } = new Hashtable();

    /// <summary>Parameters of the script block and the lists over which the task is mapped: it runs once for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary MapArgument { get; set; } = new Hashtable();

    /// <summary>Parameters of the script block and the flow parameters over whose values the task is mapped: it runs once for each element.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary MapParameter { get; set; } = new Hashtable();

    /// <summary>Map over the elements of the inner lists.</summary>
    [Parameter]
    public SwitchParameter Flatten { get; set; }

    /// <summary>How many children of a map must succeed, below 1 as a fraction: then the remaining children do not start, and the task has succeeded.</summary>
    [Parameter]
    public double? MapAtLeast { get; set; }

    /// <summary>How many children of a map may fail, below 1 as a fraction: after more failures, the remaining children do not start, and the task has failed.</summary>
    [Parameter]
    public double? MapAtMostFailed { get; set; }

    /// <summary>Parameters of the script block and their values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Argument { get; set; } = new Hashtable();

    /// <summary>Parameters of the script block and the names of their secrets, which are looked up when the task runs and never written.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary SecretFrom { get; set; } = new Hashtable();

    /// <summary>The task's key in state documents; its name by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Slug { get; set; }

    /// <summary>Tags of the task.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>Where in the store the result is written: a path with variables, or a script block that returns a path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public object? Target { get; set; }

    /// <summary>Run the task again if its target was made by another script or with other inputs.</summary>
    [Parameter]
    [ValidateNotNull]
    public RerunOn[] RerunOn { get; set; } = [];

    /// <summary>Files, relative to the session's location, with or without wildcards: the task runs again if its target is older than one of them.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] SourceFile { get; set; } = [];

    /// <summary>The format of the stored result; overrides the extension of the target.</summary>
    [Parameter]
    [ValidateSet("Json", "Clixml", "Text", "Bytes", "File")]
    public string? Serializer { get; set; }

    /// <summary>The result is a secret: it is never written, and this task runs again if a later step needs it.</summary>
    [Parameter]
    public SwitchParameter Sensitive { get; set; }

    /// <summary>The store of the task's results; overrides the flow's store: an address, or the output of New-FlowStore.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object? Store { get; set; }

    /// <summary>Do not write the result to the store: it travels inside the state document.</summary>
    [Parameter]
    public SwitchParameter NoCheckpoint { get; set; }

    /// <summary>When the task runs, depending on its upstream tasks: the name of a trigger, or a script block that receives them.</summary>
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

    /// <summary>Whether the task is skipped when one of its upstream tasks was; true by default.</summary>
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

    /// <summary>The largest random fraction, from 0 to 1, that is added to each delay.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double RetryJitter { get; set; }

    /// <summary>Which failures to retry: exception types, error ids, script blocks that receive the error. The default is every failure.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? RetryOn { get; set; }

    /// <summary>How long the result is reused, in this run and later ones.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? CacheFor { get; set; }

    /// <summary>What the result depends on: a name, or a hashtable of inputs and parameters. The default is nothing.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CacheValidatorCompleter))]
    public object? CacheValidator { get; set; }

    /// <summary>A name for the result: tasks with the same name share their results.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CacheKey { get; set; }

    /// <summary>How long one attempt may take before it is stopped and TimedOut.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>How often the process may end while the task runs before it is Failed. The default is the flow's.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int? MaxCrashes { get; set; }

    /// <summary>The name of the event that the task waits for, which may contain target variables; the block receives the payload.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string? WaitForEvent { get; set; }

    /// <summary>Run the script block repeatedly, across steps, until this block is true for its output ($_), which is then the result.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Until { get; set; }

    /// <summary>How long to wait between two polls; a minute by default.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? PollInterval { get; set; }

    /// <summary>How long to wait after the task could start.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? Delay { get; set; }

    /// <summary>How long the task waits for its event, or polls; no limit by default.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? WaitTimeout { get; set; }

    /// <summary>What happens to the task if no event arrived, or no poll was accepted, in that time.</summary>
    [Parameter]
    public WaitTimeoutAction WaitTimeoutAction { get; set; }

    /// <summary>How long the task is expected to run: it does not start with less time left in a step.</summary>
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

    /// <summary>Undoes the task: called with its result when its run is undone.</summary>
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

    /// <summary>Checks that there is exactly one body.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: there is none, or two.</exception>
    internal void DemandBody()
    {
        if (ScriptBlock is null == Subflow is null)
            throw _former.Length > 0 ? ModuleErrors.TextForBody(_former, Name) : ModuleErrors.OneBodyRequired(Name, isGiven: Subflow is not null);
    }

    /// <summary>Adds the task that the parameters describe.</summary>
    /// <param name="flow">The flow to add to.</param>
    /// <param name="session">The session, to resolve store addresses.</param>
    /// <param name="saysCheckpoint">Whether <see cref="NoCheckpoint"/> was given.</param>
    /// <param name="warn">Receives warnings.</param>
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
            RunsOffThread = ScriptBlock is not null && UsingVariables.AreIn(ScriptBlock),
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

    // A block receives only the flow parameters that it declares; a subflow receives those that it has.
    private bool IsWanted(string parameter) => Subflow?.Parameters.Contains(parameter, StringComparer.OrdinalIgnoreCase) != false;

    private bool IsTaken(string parameter) => ScriptBlock is null || new BlockParameters(ScriptBlock).Has(parameter);
}
