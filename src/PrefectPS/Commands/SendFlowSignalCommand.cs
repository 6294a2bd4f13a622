using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Sends the signal that ends a task, or a state handler, in a state of its choice.</para></summary>
[Cmdlet(VerbsCommunications.Send, "FlowSignal", DefaultParameterSetName = nameof(Fail))]
public sealed class SendFlowSignalCommand : FlowCmdlet
{
    private const string EndRunSet = nameof(EndRun);

    private static readonly Dictionary<string, StateType> States = new(StringComparer.Ordinal)
    {
        [nameof(Fail)] = StateType.Failed,
        [nameof(TriggerFail)] = StateType.TriggerFailed,
        [nameof(ValidationFail)] = StateType.ValidationFailed,
        [nameof(Skip)] = StateType.Skipped,
        [nameof(Success)] = StateType.Success,
        [nameof(RestartComputer)] = StateType.Success,
        [nameof(Retry)] = StateType.Retrying,
        [nameof(Pause)] = StateType.Paused,
        [nameof(Loop)] = StateType.Looped,
    };

    /// <summary>End as Failed.</summary>
    [Parameter(ParameterSetName = nameof(Fail))] // not mandatory: a task that names no signal must fail, not ask
    public SwitchParameter Fail { get; set; }

    /// <summary>End as TriggerFailed.</summary>
    [Parameter(ParameterSetName = nameof(TriggerFail), Mandatory = true)]
    public SwitchParameter TriggerFail { get; set; }

    /// <summary>End as ValidationFailed.</summary>
    [Parameter(ParameterSetName = nameof(ValidationFail), Mandatory = true)]
    public SwitchParameter ValidationFail { get; set; }

    /// <summary>End as Skipped; downstream tasks are skipped too.</summary>
    [Parameter(ParameterSetName = nameof(Skip), Mandatory = true)]
    public SwitchParameter Skip { get; set; }

    /// <summary>End as Success.</summary>
    [Parameter(ParameterSetName = nameof(Success), Mandatory = true)]
    public SwitchParameter Success { get; set; }

    /// <summary>End as Success, and restart the computer after that is recorded and the step has ended.</summary>
    [Parameter(ParameterSetName = nameof(RestartComputer), Mandatory = true)]
    public SwitchParameter RestartComputer { get; set; }

    /// <summary>Run again, at -StartTime or at once, however often the task has run.</summary>
    [Parameter(ParameterSetName = nameof(Retry), Mandatory = true)]
    public SwitchParameter Retry { get; set; }

    /// <summary>Wait until a person resumes the task with Set-FlowTaskState -To Resume.</summary>
    [Parameter(ParameterSetName = nameof(Pause), Mandatory = true)]
    public SwitchParameter Pause { get; set; }

    /// <summary>Run once more, with -Result as $FlowContext.LoopResult.</summary>
    [Parameter(ParameterSetName = nameof(Loop), Mandatory = true)]
    public SwitchParameter Loop { get; set; }

    /// <summary>End in the state that -State names, with no further check of the task.</summary>
    [Parameter(ParameterSetName = EndRunSet, Mandatory = true)]
    public SwitchParameter EndRun { get; set; }

    /// <summary>The state for -EndRun; Cancelled by default.</summary>
    [Parameter(ParameterSetName = EndRunSet)]
    public StateType State { get; set; } = StateType.Cancelled;

    /// <summary>When to run again.</summary>
    [Parameter(ParameterSetName = nameof(Retry))]
    public DateTimeOffset? StartTime { get; set; }

    /// <summary>The state's message.</summary>
    [Parameter(Position = 0)]
    public string? Message { get; set; }

    /// <summary>The state's result.</summary>
    [Parameter]
    public object? Result { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ParameterSetName == nameof(Fail) && !Fail)
            throw ModuleErrors.SignalUnknown();
        var endsRun = ParameterSetName is EndRunSet or nameof(Pause);
        var type = ParameterSetName == EndRunSet ? State : States[ParameterSetName];
        var state = new State(type, Message)
        {
            Result = TaskResult.Of(PowerShellValues.Instance.Unwrap(Result)),
            DueTime = StartTime?.ToUniversalTime(),
        };
        var signal = new FlowSignalException(state, endsRun, RestartComputer ? Environment.MachineName : null);
        ThrowTerminatingError(new ErrorRecord(signal, "FlowSignal", ErrorCategory.NotSpecified, type));
    }
}
