using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Sets the state of tasks, in a run, in a recorded run, or in a stream of task states.</para></summary>
[Cmdlet(VerbsCommon.Set, "FlowTaskState", DefaultParameterSetName = StateSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState), ParameterSetName = [StateSet, RunSet, FlowSet])]
[OutputType(typeof(FlowTaskState), ParameterSetName = [TaskSet])]
public sealed class SetFlowTaskStateCommand : FlowCmdlet
{
    private const string StateSet = "State";
    private const string TaskSet = "Task";
    private const string RunSet = "Run";
    private const string FlowSet = "Flow";

    /// <summary>The run; a run with the states changed is returned.</summary>
    [Parameter(ParameterSetName = StateSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>A task with its state; it is returned, changed or not.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, ValueFromPipeline = true)]
    public FlowTaskState TaskState { get; set; } = null!;

    /// <summary>A run on record, from Get-FlowRun with its flow: it is changed there, by the step that works on it where one does.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, ValueFromPipeline = true)]
    public FlowRun Run { get; set; } = null!;

    /// <summary>The flow whose run on record is changed.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The id of the recorded run.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string RunId { get; set; } = string.Empty;

    /// <summary>The tasks to change, by name or slug; wildcards are allowed. All by default.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? Task { get; set; }

    /// <summary>The states to change. All by default.</summary>
    [Parameter]
    public StateType[]? From { get; set; }

    /// <summary>Change all that comes after those tasks, too, whatever its state: what depends on work that is done again is done again.</summary>
    [Parameter(ParameterSetName = StateSet)]
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    public SwitchParameter IncludeDownstream { get; set; }

    /// <summary>The state to change to.</summary>
    [Parameter(Mandatory = true)]
    public StateType To { get; set; }

    /// <summary>The new state's message.</summary>
    [Parameter]
    public string? Message { get; set; }

    /// <summary>The new state's result.</summary>
    [Parameter]
    public object? Result { get; set; }

    /// <summary>When the task is due, for Scheduled and its kinds.</summary>
    [Parameter]
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>Why, for those who look at the run's history.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Who makes the request; by default, the user and the machine.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    [ValidateNotNullOrEmpty]
    public string? RequestedBy { get; set; }

    /// <summary>How long to wait until it is applied.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan Timeout { get; set; } = RunRequest.UsualTimeout;

    /// <summary>Do not wait until the request is applied; return its id.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The id of an earlier request, which is applied once.</summary>
    [Parameter(ParameterSetName = RunSet)]
    [Parameter(ParameterSetName = FlowSet)]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (StartTime is not null && !To.IsScheduled())
            throw FlowErrors.TaskInvalid(string.Join(", ", Task ?? ["*"]), $"-StartTime is for Scheduled and its kinds, not for {To}");
        if (ParameterSetName == TaskSet)
            ChangeTask();
        else if (ParameterSetName == StateSet)
            ChangeState();
        else
            ChangeRecord(ParameterSetName == RunSet ? Run : RunRequest.Of(Flow, RunId));
    }

    private void ChangeTask()
    {
        var selector = new TaskSelector(TaskState.Task.Flow, Task);
        if (selector.MissingNamesIn(TaskState).FirstOrDefault() is { } missing)
            throw FlowErrors.TaskNotFound(TaskState.Task.Flow, missing);
        WriteObject(EditOf(Task).ToStateEdit((task, child, path) => selector.Chooses(task, child, path)).Of(TaskState));
    }

    private void ChangeState()
    {
        var selector = SelectorIn(State);
        WriteObject(EditOf(Task).ToStateEdit((task, child, path) => selector.Chooses(task, child, path)).Of(State));
    }

    // The names are those of the tasks that the run has now: whoever applies the request chooses the same.
    private void ChangeRecord(FlowRun run)
    {
        if (run.Definition is null)
            throw ModuleErrors.FlowRequiredForRecord(run);
        var now = RunOnRecord.Read(run, WriteWarning);
        var selector = SelectorIn(now);
        string[]? chosen = Task is null ? null : [.. selector.ChooseFrom(now).Select(part => part.Path + part.Task.Slug)];
        if (IsGiven(nameof(Result)) && selector.ChooseFrom(now).Select(part => part.Task).FirstOrDefault(task => task.Identity.Hides(task.Task)) is { } sensitive)
            throw FlowErrors.TaskInvalid(sensitive.Slug, "its results are never written, but a request with a result would be; set the result on a state object instead");
        if (!ShouldProcess($"{run.Flow}, run {run.RunId} in {run.Store}", $"Set {(chosen is null ? "tasks" : string.Join(", ", chosen))} to {To}"))
            return;
        var request = new RunRequest(run) { Id = Id, Reason = Reason, RequestedBy = RequestedBy, Timeout = NoWait ? null : Timeout };
        WriteObject(request.Output(request.Send(this, request.New(RequestKind.Edit) with { Edit = EditOf(chosen) }, StopToken)));
    }

    private TaskSelector SelectorIn(FlowState run)
    {
        var selector = new TaskSelector(run.Flow, Task, run: run);
        return selector.MissingNamesIn(run).FirstOrDefault() is { } missing ? throw FlowErrors.TaskNotFound(run.Flow, missing) : selector;
    }

    private TaskEdit EditOf(string[]? tasks) => new(To)
    {
        Tasks = tasks,
        From = From,
        Message = Message,
        HasResult = IsGiven(nameof(Result)),
        Result = PowerShellValues.Instance.Unwrap(Result),
        DueTime = StartTime?.ToUniversalTime(),
        IncludesDownstream = IncludeDownstream,
    };

    private bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);
}
