using System.Management.Automation;
using PrefectPS.Running;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets what a run would do with each task, and why.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowPlan", DefaultParameterSetName = DefaultSet)]
[OutputType(typeof(FlowTaskPlan))]
public sealed class GetFlowPlanCommand : RunChoiceCmdlet
{
    /// <inheritdoc/>
    protected override void Process()
    {
        if (EndedRun is { } ended)
            WriteVerbose($"{ended}: it has ended, and is ignored.");
        else if (ChosenRun() is var run)
            WriteObject(Plan(new(run) { Selection = SelectionIn(run.Flow) }, new StepNotices(new RunStreams(this))), enumerateCollection: true);
    }
}
