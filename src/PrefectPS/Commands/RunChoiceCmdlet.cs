using System.Collections;
using System.Management.Automation;
using System.Text;
using PrefectPS.Channels;
using PrefectPS.Completion;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;

namespace PrefectPS.Commands;

/// <summary>Base of the cmdlets that run or plan a step: selects the run (new, given or recorded) and its tasks.</summary>
public abstract class RunChoiceCmdlet : SelectingCmdlet
{
    private const string StateSet = "State";
    private const string ResumeSet = "Resume";
    private const string RunIdSet = "RunId";
    private const string MessageSet = "Message";
    private const string DocumentSet = "Document";
    private const string ScheduleSet = "Schedule";
    private const string FlowAndStateSet = "FlowAndState";
    private const string RunSet = "Run";

    /// <summary>The parameter set of a new run.</summary>
    private protected const string FlowSet = "Flow";

    /// <summary>The default parameter set.</summary>
    private protected const string DefaultSet = StateSet;

    /// <summary>The flow, of which a new run is started.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ResumeSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = RunIdSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = MessageSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = DocumentSet, Position = 0)]
    [Parameter(ParameterSetName = FlowAndStateSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = RunSet, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The run to continue, as returned by the previous step; null, with -Flow, starts one.</summary>
    [Parameter(ParameterSetName = StateSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = FlowAndStateSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public FlowState? State { get; set; }

    /// <summary>Continue the newest unfinished run in the flow's store, or start a new one if there is none.</summary>
    [Parameter(ParameterSetName = ResumeSet, Mandatory = true)]
    public SwitchParameter Resume { get; set; }

    /// <summary>Continue the run with this id in the flow's store, or start one with this id.</summary>
    [Parameter(ParameterSetName = RunIdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string RunId { get; set; } = string.Empty;

    /// <summary>A time from Get-FlowSchedule: its run is started or continued; a run that has ended is ignored.</summary>
    [Parameter(ParameterSetName = ScheduleSet, Mandatory = true, ValueFromPipeline = true)]
    [NotNullTransformation]
    public FlowScheduledRun ScheduledRun { get; set; } = null!;

    /// <summary>The message from Receive-FlowMessage that identifies the run to continue. Tasks that the budget cuts off become Pending again.</summary>
    [Parameter(ParameterSetName = MessageSet, Mandatory = true, ValueFromPipeline = true)]
    [NotNullTransformation]
    public FlowMessage Message { get; set; } = null!;

    /// <summary>The run to continue, as a state document that ConvertTo-FlowState reads.</summary>
    [Parameter(ParameterSetName = DocumentSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    [DocumentTransformation]
    public string Document { get; set; } = string.Empty;

    /// <summary>The recorded run to continue, from Get-FlowRun; with -Flow if it was found without its flow.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, ValueFromPipeline = true)]
    [NotNullTransformation]
    public FlowRun Run { get; set; } = null!;

    /// <summary>What to do if the flow has changed since the run's last step.</summary>
    [Parameter(ParameterSetName = ResumeSet)]
    [Parameter(ParameterSetName = RunIdSet)]
    [Parameter(ParameterSetName = DocumentSet)]
    [Parameter(ParameterSetName = MessageSet)]
    [Parameter(ParameterSetName = RunSet)]
    public FlowChangeAction OnChange { get; set; }

    /// <summary>Values of the flow's parameters, for a new run.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>The run of a scheduled time that has already ended and is ignored; null for none.</summary>
    private protected FlowRun? EndedRun =>
        ParameterSetName == ScheduleSet
            && new RunIndex(RecordedRuns.FilesOf(ScheduledRun.Flow)).Find(new(ScheduledRun.Flow.Name, ScheduledRun.RunId), fault => throw fault) is { IsFinished: true } done
            ? done
            : null;

    /// <summary>The run that was chosen.</summary>
    /// <exception cref="FlowException">It cannot be made or read, or is of another flow.</exception>
    private protected RunChoice ChosenRun() => ParameterSetName switch
    {
        ResumeSet => new NewestRun(Flow, NamedValues.ByName(Parameter)) { OnChange = OnChange },
        RunIdSet => OnRecord(Flow, RunId),
        RunSet => OnRecord(RunOnRecord.FlowOf(Run, Flow), Run.RunId),
        ScheduleSet => OnRecord(ScheduledRun.Flow, ScheduledRun.RunId),
        MessageSet => new RunOfMessage(Flow, Message, NamedValues.ByName(Parameter)) { OnChange = OnChange },
        DocumentSet => new RunByState(Decode()),
        _ => new RunByState(State is null ? GivenRun.New(FlowToRun(FlowOrThrow()), Parameter) : GivenRun.Existing(GivenState(State), Parameter)),
    };

    /// <summary>The flow that actually runs: the given one, or its copy with mocks.</summary>
    private protected virtual Flow FlowToRun(Flow flow) => flow;

    /// <summary>A description of a run, with its flow.</summary>
    private protected static string NameOf(RunChoice run) => $"{run.Flow.Name}, " + run switch
    {
        RunByState { State.RunId: var id } => $"run {id}",
        RunById { RunId: var id } => $"run {id}",
        RunOfMessage { Message: var message } => $"{message}",
        _ => "its newest unfinished run",
    };

    /// <summary>The selected tasks of the run; null for all. A caller that does not pass the run itself may not know its current selection.</summary>
    private protected SelectionChange? SelectionIn(Flow flow) =>
        SelectionIn(flow, ParameterSetName switch { ResumeSet => SelectionScope.Same, RunIdSet or RunSet or ScheduleSet => SelectionScope.Narrow, _ => SelectionScope.Any });

    /// <summary>What a step would do with each task.</summary>
    /// <param name="request">The step.</param>
    /// <param name="notices">Receives warnings and errors.</param>
    /// <exception cref="FlowException">The same as of the step.</exception>
    private protected IReadOnlyList<FlowTaskPlan> Plan(StepRequest request, IStepNotices notices)
    {
        var forecast = StepTaker.Plan(request with { Notices = notices }, StopToken);
        if (forecast.IsLate && request.Run is RunByState { State: var given })
            throw FlowErrors.RunFurtherOn(forecast.Run, given);
        Warn(forecast.Warnings);
        return forecast.Tasks;
    }

    private RunById OnRecord(Flow flow, string runId) => new(flow, runId, NamedValues.ByName(Parameter)) { OnChange = OnChange };

    private FlowState GivenState(FlowState run) => ParameterSetName == FlowAndStateSet ? GivenRun.Of(Flow, run, Warn) : run;

    private Flow FlowOrThrow() => Flow ?? throw ModuleErrors.FlowRequiredForState(MyInvocation.MyCommand.Name);

    private FlowState Decode()
    {
        if (Document.Length == 0)
            throw FlowErrors.StateEmpty();
        var options = new ReadingOptions { Parameters = NamedValues.ByName(Parameter), OnChange = OnChange };
        var decoded = MessageDecoder.Decode(FlowOrThrow(), Encoding.UTF8.GetBytes(Document), options, StopToken);
        Warn(decoded.Warnings);
        return decoded.Run;
    }
}
