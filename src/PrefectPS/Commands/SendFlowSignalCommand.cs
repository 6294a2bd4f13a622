using System.Management.Automation;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Ends a task, or a state handler, in a state of its choice.</para></summary>
[Cmdlet(VerbsCommunications.Send, "FlowSignal", DefaultParameterSetName = FailSet)]
public sealed class SendFlowSignalCommand : FlowCmdlet
{
    private const string FailSet = "Fail";
    private const string SkipSet = "Skip";
    private const string SuccessSet = "Success";
    private const string EndRunSet = "EndRun";

    /// <summary>End as Failed.</summary>
    [Parameter(ParameterSetName = FailSet, Mandatory = true)]
    public SwitchParameter Fail { get; set; }

    /// <summary>End as Skipped; what comes after is skipped, too.</summary>
    [Parameter(ParameterSetName = SkipSet, Mandatory = true)]
    public SwitchParameter Skip { get; set; }

    /// <summary>End as Success.</summary>
    [Parameter(ParameterSetName = SuccessSet, Mandatory = true)]
    public SwitchParameter Success { get; set; }

    /// <summary>End in the state that -State names, with no further check of the task.</summary>
    [Parameter(ParameterSetName = EndRunSet, Mandatory = true)]
    public SwitchParameter EndRun { get; set; }

    /// <summary>The state for -EndRun; Cancelled unless given.</summary>
    [Parameter(ParameterSetName = EndRunSet)]
    public StateType State { get; set; } = StateType.Cancelled;

    /// <summary>The state's message.</summary>
    [Parameter(Position = 0)]
    public string? Message { get; set; }

    /// <summary>The state's result.</summary>
    [Parameter]
    public object? Result { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var type = ParameterSetName switch
        {
            SkipSet => StateType.Skipped,
            SuccessSet => StateType.Success,
            EndRunSet => State,
            _ => StateType.Failed,
        };
        var state = new State(type, Message) { Result = TaskResult.Of(PowerShellValues.Instance.Unwrap(Result)) };
        var signal = new FlowSignalException(state, endsRun: ParameterSetName == EndRunSet);
        ThrowTerminatingError(new ErrorRecord(signal, "FlowSignal", ErrorCategory.NotSpecified, type));
    }
}
