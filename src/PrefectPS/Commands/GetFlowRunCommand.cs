using System.Management.Automation;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Gets the recorded runs in a store, the newest first.</para></summary>
[Cmdlet(VerbsCommon.Get, "FlowRun", DefaultParameterSetName = FlowSet)]
[OutputType(typeof(FlowRun))]
public sealed class GetFlowRunCommand : StoredRunCmdlet
{
    /// <summary>How many runs to return, the newest of those that match.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Newest { get; set; } = int.MaxValue;

    /// <summary>Only runs that should have been continued but were not.</summary>
    [Parameter]
    public SwitchParameter Overdue { get; set; }

    /// <summary>How long a run was not continued, for -Overdue.</summary>
    [Parameter]
    [DaysTransformation]
    [NoNegativeDuration]
    public TimeSpan IdleFor { get; set; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!Overdue && MyInvocation.BoundParameters.ContainsKey(nameof(IdleFor)))
            throw ModuleErrors.IdleForAlone();
        if (ParameterSetName == StoreSet && PlainText.Of(Store) is not null && ChosenStore is FolderStore folder && !Directory.Exists(folder.Name))
            Warn(ModuleTexts.NoStoreFolder(folder.Name));
        var runs = Overdue ? NotBegun().Concat(FindRuns().Select(WithReason).OfType<FlowRun>()) : FindRuns();
        WriteObject(runs.Take(Newest), enumerateCollection: true);
    }

    private IEnumerable<FlowRun> NotBegun() =>
        RunId is not null || State?.Contains(StateType.Scheduled) == false || OlderThan is not null ? []
        : new MissedRuns(new(ChosenStore))
            .All(flow => ParameterSetName == FlowSet ? flow == Flow.Name : Matches(FlowName, flow), IdleFor, DateTimeOffset.UtcNow, WriteError).Select(Define);

    private FlowRun? WithReason(FlowRun run) => OverdueRun.ReasonOf(run, IdleFor, DateTimeOffset.UtcNow) is { } reason ? run.With(reason) : null;
}
