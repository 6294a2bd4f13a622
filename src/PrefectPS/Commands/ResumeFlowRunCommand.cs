using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Resumes a run that was suspended or, by force, stopped, without running anything of it itself.</para></summary>
[Cmdlet(VerbsLifecycle.Resume, "FlowRun", DefaultParameterSetName = RunSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState), typeof(FlowRun), typeof(string))]
public sealed class ResumeFlowRunCommand : ControlCmdlet
{
    /// <summary>Let a run go on that was stopped too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override RequestKind Kind => RequestKind.Resume;

    /// <inheritdoc/>
    private protected override ControlRequest Complete(ControlRequest request, Flow? flow) => request with { IsSpecial = Force };

    /// <inheritdoc/>
    private protected override string Action => "Resume run";

    /// <inheritdoc/>
    /// <remarks>What was asked before may still be on its way; then its order counts.</remarks>
    private protected override bool MaySend(FlowRun run, RunRequest request)
    {
        var now = RunOnRecord.Read(run, WriteWarning);
        if (!request.IsInboxEmpty())
            return true;
        if (now.IsStopped && !Force)
            throw FlowErrors.RunStopped(now);
        if (RequestApplication.CanResume(now, Force))
            return true;
        Warn([ModuleTexts.NothingToResume(now)]);
        return false;
    }

    /// <inheritdoc/>
    private protected override void Look(FlowState run)
    {
        if (run.IsStopped)
            throw FlowErrors.RunStopped(run);
    }
}
