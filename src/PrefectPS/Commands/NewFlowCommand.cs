using System.Management.Automation;
using Microsoft.PowerShell.Commands;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Creates a flow.</para></summary>
[Cmdlet(VerbsCommon.New, "Flow")]
[Alias("flow")]
[OutputType(typeof(Flow))]
public sealed class NewFlowCommand : FlowCmdlet
{
    private static readonly string[] OfSchedule = [nameof(TimeZone), nameof(ScheduleStart), nameof(CatchUp), nameof(MaxLateness)];

    /// <summary>The flow's name.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [PlainText]
    public string Name { get; set; } = string.Empty;

    /// <summary>A block of Add-FlowTask calls (alias: task), which need no -Flow there.</summary>
    [Parameter(Position = 1)]
    public ScriptBlock? Definition { get; set; }

    /// <summary>Tasks, each a hashtable or an object with the names of Add-FlowTask's parameters: for many tasks, and for programs that make them.</summary>
    [Parameter]
    [ValidateNotNull]
    public object[] Task { get; set; } = [];

    /// <summary>Parameters of the flow: a block, { param(…) }, or a hashtable of names and defaults.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Parameter { get; set; }

    /// <summary>Store of results and runs: an address, or a store from New-FlowStore.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object? Store { get; set; }

    /// <summary>Default location of the tasks' results in the store: a path with variables, or a script block that returns a path.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public object? Target { get; set; }

    /// <summary>Format of stored results, instead of the one implied by the extension of the target.</summary>
    [Parameter]
    [ValidateSet("Json", "Clixml", "Text", "Bytes", "File")]
    public string? Serializer { get; set; }

    /// <summary>Do not write results to the store, unless a task says otherwise: they travel inside the state document.</summary>
    [Parameter]
    public SwitchParameter NoCheckpoint { get; set; }

    /// <summary>The tasks whose failure makes a run fail; by default, those without downstream tasks.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(TaskNameCompleter))]
    public string[] ReferenceTask { get; set; } = [];

    /// <summary>Called with each task, its old and its new state, whenever a task's state changes.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock[] StateHandler { get; set; } = [];

    /// <summary>Called with the flow and the run once a run has ended Failed.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock[] OnFailure { get; set; } = [];

    /// <summary>Called with the flow, the run and the reason to send a notification, at least once even if processes die.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? OnNotify { get; set; }

    /// <summary>What -OnNotify is called for: all but Success by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public NotifyReason[] NotifyOn { get; set; } = [NotifyReason.Failed, NotifyReason.Cancelled, NotifyReason.Paused, NotifyReason.Crashed];

    /// <summary>When runs start, if Invoke-FlowStep -Resume is called repeatedly: cron expressions, and intervals as timespans.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[]? Schedule { get; set; }

    /// <summary>The id of the schedule's time zone; UTC by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public string TimeZone { get; set; } = TimeZoneInfo.Utc.Id;

    /// <summary>When the intervals of the schedule start, in its time zone unless the time has a kind or offset.</summary>
    [Parameter]
    [TimeTransformation]
    public DateTime? ScheduleStart { get; set; }

    /// <summary>What to do with missed times of the schedule.</summary>
    [Parameter]
    public CatchUp CatchUp { get; set; }

    /// <summary>How long after its time a run can start; no limit by default.</summary>
    [Parameter]
    [DaysTransformation]
    [PositiveDuration]
    public TimeSpan? MaxLateness { get; set; }

    /// <summary>How long a run can take from its start across all its steps before it is Failed and its unfinished tasks TimedOut.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>How long finished runs are kept: the end of a run removes older ones.</summary>
    [Parameter]
    [DaysTransformation]
    [PositiveDuration]
    public TimeSpan? RetainFor { get; set; }

    /// <summary>How many finished runs are kept, the newest first: the end of a run removes others.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? RetainCount { get; set; }

    /// <summary>When the tasks of a run are undone without Undo-FlowRun: never by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public UndoReason[] UndoOn { get; set; } = [];

    /// <summary>How often the process may end while a task runs before the task is Failed; a task can override it.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int MaxCrashes { get; set; } = 3;

    /// <summary>$ErrorActionPreference inside the flow's tasks; Stop by default. Tasks never prompt.</summary>
    [Parameter]
    [ValidateSet(nameof(ActionPreference.Stop), nameof(ActionPreference.Continue), nameof(ActionPreference.SilentlyContinue), nameof(ActionPreference.Ignore))]
    public ActionPreference ErrorActionPreference { get; set; } = ActionPreference.Stop;

    /// <summary>Modules to import into each runspace that the flow's tasks run in: names, paths, or hashtables with ModuleName and ModuleVersion.</summary>
    [Parameter]
    [ValidateNotNull]
    public ModuleSpecification[] Module { get; set; } = [];

    /// <summary>Runs once in each runspace of the flow's tasks, after -Module and before the tasks, which see its definitions.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? InitializationScript { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (OnNotify is null && MyInvocation.BoundParameters.ContainsKey(nameof(NotifyOn)))
            throw FlowErrors.FlowInvalid(Name, "-NotifyOn says when -OnNotify is called, which is not given");
        if (Schedule is null && Array.Find(OfSchedule, MyInvocation.BoundParameters.ContainsKey) is { } alone)
            throw FlowErrors.FlowInvalid(Name, $"-{alone} says more of -Schedule, which is not given");
        if (Store is null && (RetainFor is not null || RetainCount is not null))
            throw FlowErrors.FlowInvalid(Name, $"-{(RetainFor is null ? nameof(RetainCount) : nameof(RetainFor))} says which runs are kept in -Store, which is not given");
        var flow = new Flow(Name, SessionServices.Create(), new()
        {
            Store = Store is null ? null : StoreResolver.Resolve(Store, SessionState),
            ConcurrencyLimits = StoreResolver.LimitsOf(Store),
            Target = TargetParameter.Template(Target),
            TargetFunction = TargetParameter.Function(Target),
            Serializer = Serializer,
            Checkpoints = !NoCheckpoint,
            Parameters = ParameterDefinition.Of(Name, Parameter),
            ReferenceTasks = ReferenceTask,
            Notification = OnNotify is null ? null : new(new RunNotifier(OnNotify), [.. NotifyOn.Distinct()]),
            Schedule = Schedule is null ? null : ScheduleParameter.Resolve(Name, Schedule, TimeZone, ScheduleStart) with { CatchUp = CatchUp, MaxLateness = MaxLateness },
            RunTimeout = RunTimeout,
            UndoOn = [.. UndoOn.Distinct()],
            MaxCrashes = MaxCrashes,
            Retention = RetainFor is null && RetainCount is null ? null : new(RetainFor, RetainCount),
            StateHandlers = [.. StateHandler.Select(block => new ScriptBlockHandler(block))],
            FailureHandlers = [.. OnFailure.Select(block => new RunFailureHandler(block))],
            BodySettings = new ScriptSettings(ErrorActionPreference, SetupParameter.Resolve(Name, Module, InitializationScript, SessionState)),
        });
        if (Task.Length > 0)
            new TaskRows(flow, SessionState, WriteWarning).Add(Task);
        if (Definition is not null)
        {
            var scope = new DefinitionScope { Module = Definition.Module };
            using (new TaskAliasScope(SessionState))
                FlowDefinition.Run(flow, scope, () => Define(Definition, scope));
            if (flow.Tasks.Count == 0)
                WriteWarning($"Flow '{Name}' has no tasks: its definition block adds none, so a run of it is immediately Success.");
        }

        if (Definition is not null || Task.Length > 0)
            _ = flow.Plan; // validate the definition here, at its script line
        WriteObject(flow);
    }

    private void Define(ScriptBlock definition, DefinitionScope scope)
    {
        foreach (var output in ScopeCapture.Run(definition, scope))
            WriteVerbose($"Flow '{Name}': output of the definition block is not part of the flow: {output}");
    }
}
