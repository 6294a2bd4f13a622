using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Undoes what a run has done, in reverse order, by its next step.</para></summary>
[Cmdlet(VerbsCommon.Undo, "FlowRun", DefaultParameterSetName = RunSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FlowState), typeof(string))]
public sealed class UndoFlowRunCommand : ControlCmdlet
{
    /// <inheritdoc/>
    private protected override RequestKind Kind => RequestKind.Undo;

    /// <inheritdoc/>
    private protected override string Action => "Undo run in its next step";

    /// <inheritdoc/>
    private protected override ControlRequest Complete(ControlRequest request, Flow? flow) => request;

    /// <inheritdoc/>
    private protected override FlowState ApplyInHand(FlowState run)
    {
        var by = RequestedBy ?? RunRequest.ThisUser;
        var after = RequestApplication.Apply(run, RunRequest.New(RequestKind.Undo, Id, by, Reason, run.Flow.Services.Clock));
        Look(after);
        return after;
    }

    /// <inheritdoc/>
    private protected override void Look(FlowState run)
    {
        if (!run.IsUndoing)
            WarnOfEnd(run, "undo");
    }
}
