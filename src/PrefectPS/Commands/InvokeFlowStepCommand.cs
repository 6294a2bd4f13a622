using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Runs one step of a flow: as many tasks as its budget allows.</para></summary>
[Cmdlet(VerbsLifecycle.Invoke, "FlowStep", DefaultParameterSetName = DefaultSet, SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class InvokeFlowStepCommand : RunCmdlet
{
    /// <summary>How many tasks may be started.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxTasks { get; set; }

    /// <summary>How long the step may take: after this time no task is started.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>When the step ends: from this time on no task is started. With -TimeBudget the earlier of the two counts.</summary>
    [Parameter]
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>Wait for tasks that are due later, as long as the time budget allows, instead of leaving them to the next step.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Make Cancelled tasks Pending, before the step and after it.</summary>
    [Parameter]
    public SwitchParameter ResetCancelled { get; set; }

    /// <inheritdoc/>
    private protected override StepBudget Budget => new() { MaxTasks = MaxTasks, Time = TimeBudget, Deadline = Deadline, Wait = Wait };

    /// <inheritdoc/>
    private protected override bool Resets => ResetCancelled;

    /// <inheritdoc/>
    private protected override string ActionOf(int? step) => step is { } number ? $"Run step {number}" : "Run the next step";
}
