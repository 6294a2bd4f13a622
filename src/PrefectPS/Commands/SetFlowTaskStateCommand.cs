using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Changes the state of tasks, in a run or in a stream of task states.</para></summary>
[Cmdlet(VerbsCommon.Set, "FlowTaskState", DefaultParameterSetName = RunSet)]
[OutputType(typeof(FlowState), ParameterSetName = [RunSet])]
[OutputType(typeof(FlowTaskState), ParameterSetName = [TaskSet])]
public sealed class SetFlowTaskStateCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string TaskSet = "Task";

    /// <summary>The run; a run with the states changed is returned.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public FlowState State { get; set; } = null!;

    /// <summary>A task with its state; it is returned, changed or not.</summary>
    [Parameter(ParameterSetName = TaskSet, Mandatory = true, ValueFromPipeline = true)]
    public FlowTaskState TaskState { get; set; } = null!;

    /// <summary>The tasks to change, by name or slug; wildcards are allowed. All unless given.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(TaskChoiceCompleter))]
    public string[]? Task { get; set; }

    /// <summary>The states to change. All unless given.</summary>
    [Parameter]
    public StateType[]? From { get; set; }

    /// <summary>Change all that comes after those tasks, too, whatever its state: what depends on work that is done again is done again.</summary>
    [Parameter(ParameterSetName = RunSet)]
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

    /// <inheritdoc/>
    protected override void Process()
    {
        if (StartTime is not null && !To.IsScheduled())
            throw FlowErrors.TaskInvalid(string.Join(", ", Task ?? ["*"]), $"-StartTime is for Scheduled and its kinds, not for {To}");
        var flow = ParameterSetName == TaskSet ? TaskState.Task.Flow : State.Flow;
        var selector = new TaskSelector(flow, Task, run: ParameterSetName == TaskSet ? null : State);
        if ((ParameterSetName == TaskSet ? selector.MissingNames : selector.MissingNamesIn(State)).FirstOrDefault() is { } missing)
            throw FlowErrors.TaskNotFound(flow, missing);
        if (ParameterSetName == TaskSet)
            WriteObject(Chooses(selector, TaskState.Task, TaskState.MapIndex, TaskState.Inner, path: "")
                ? TaskState.With(Change(TaskState.Task, TaskState.Inner, TaskState.Identity))
                : TaskState);
        else
            WriteObject(EditOf(selector).Of(State));
    }

    private StateEdit EditOf(TaskSelector selector) => new()
    {
        Chooses = (task, child, state, path) => Chooses(selector, task, child, state, path),
        To = To,
        Change = Change,
        IncludesDownstream = IncludeDownstream,
    };

    private bool Chooses(TaskSelector selector, FlowTask task, int? child, State state, string path) =>
        selector.Chooses(task, child, path) && StateEdit.IsFrom(state, From, isNamed: Task is not null);

    private State Change(FlowTask task, State state, RunIdentity run, bool isStale = false)
    {
        var value = MyInvocation.BoundParameters.ContainsKey(nameof(Result))
            ? NewResult(task, run)
            : To.IsFinished() ? state.WholeResult() : null;
        return state.Edit(To, Message, isStale) with
        {
            Result = value,
            DueTime = StartTime?.ToUniversalTime(),
            Started = To.IsFinished() ? state.Started : null,
            Ended = To.IsFinished() ? state.Ended : null,
        };
    }

    private TaskResult? NewResult(FlowTask task, RunIdentity run)
    {
        var value = PowerShellValues.Instance.Unwrap(Result);
        return run.Hides(task) ? TaskResult.Secret(value) : TaskResult.Of(value);
    }
}
