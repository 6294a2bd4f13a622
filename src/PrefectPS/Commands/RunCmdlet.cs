using System.Collections;
using System.Management.Automation;
using System.Text;
using PrefectPS.Channels;
using PrefectPS.Cluster;
using PrefectPS.Completion;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Progress;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What the cmdlets that run a flow share: which run, new, given or on record, and how many of its tasks at once.</summary>
public abstract class RunCmdlet : SelectingCmdlet
{
    private const string StateSet = "State";
    private const string FlowSet = "Flow";
    private const string ResumeSet = "Resume";
    private const string RunIdSet = "RunId";
    private const string MessageSet = "Message";
    private const string DocumentSet = "Document";
    private const string ScheduleSet = "Schedule";
    private const string FlowAndStateSet = "FlowAndState";
    private const string RunSet = "Run";

    private FlowCluster? _cluster;

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

    /// <summary>The run to go on with, as the step before left it; null, with -Flow, begins one.</summary>
    [Parameter(ParameterSetName = StateSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = FlowAndStateSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public FlowState? State { get; set; }

    /// <summary>Go on with the newest run in the flow's store that is not finished; where there is none, start a new one.</summary>
    [Parameter(ParameterSetName = ResumeSet, Mandatory = true)]
    public SwitchParameter Resume { get; set; }

    /// <summary>Go on with the run of this id in the flow's store; where there is none, start it under this id.</summary>
    [Parameter(ParameterSetName = RunIdSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string RunId { get; set; } = string.Empty;

    /// <summary>A time of a flow's schedule, as Get-FlowSchedule puts it out: its run is begun or gone on with; one that has ended is left out.</summary>
    [Parameter(ParameterSetName = ScheduleSet, Mandatory = true, ValueFromPipeline = true)]
    [NotNullTransformation]
    public FlowScheduledRun ScheduledRun { get; set; } = null!;

    /// <summary>The message that says which run to go on with, as Receive-FlowMessage received it. What its step cuts off is pending again after it.</summary>
    [Parameter(ParameterSetName = MessageSet, Mandatory = true, ValueFromPipeline = true)]
    [NotNullTransformation]
    public FlowMessage Message { get; set; } = null!;

    /// <summary>The run to go on with, as a state document: what ConvertTo-FlowState reads.</summary>
    [Parameter(ParameterSetName = DocumentSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    [DocumentTransformation]
    public string Document { get; set; } = string.Empty;

    /// <summary>The run to go on with, on record, as Get-FlowRun got it; with -Flow where it was found without.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, ValueFromPipeline = true)]
    [NotNullTransformation]
    public FlowRun Run { get; set; } = null!;

    /// <summary>What to do where the flow has changed since the run's last step.</summary>
    [Parameter(ParameterSetName = ResumeSet)]
    [Parameter(ParameterSetName = RunIdSet)]
    [Parameter(ParameterSetName = DocumentSet)]
    [Parameter(ParameterSetName = MessageSet)]
    [Parameter(ParameterSetName = RunSet)]
    public FlowChangeAction OnChange { get; set; }

    /// <summary>Parameter of the flow = its value, for a new run.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Parameter { get; set; } = new Hashtable();

    /// <summary>How many tasks may run at once, or a hashtable that says it for tags.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? ThrottleLimit { get; set; }

    /// <summary>The cluster whose workers run the tasks: an address, or what New-FlowCluster returns.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Cluster { get; set; }

    /// <summary>When what has ended is put on record in the flow's store: before the next Task, in a Batch a moment later, or at the Step's end.</summary>
    [Parameter]
    public FlowDurability? Durability { get; set; }

    /// <summary>Keep what tasks write off the record.</summary>
    [Parameter]
    public SwitchParameter NoLog { get; set; }

    /// <summary>What ends the step.</summary>
    private protected abstract StepBudget Budget { get; }

    /// <summary>Whether Cancelled tasks become Pending, before the step and after it.</summary>
    private protected abstract bool Resets { get; }

    /// <summary>Whether each result goes through its stored form.</summary>
    private protected virtual bool RoundTrips => false;

    /// <inheritdoc/>
    protected sealed override void Process()
    {
        _cluster = ClusterParameter.Resolve(Cluster); // before any run or message is touched
        using var voice = new StoreVoice(new RunStreams(this).WriteVerbose);
        if (ParameterSetName == ResumeSet)
            GoOnWithRecord(Flow, new NewestRun(Flow, NamedValues.ByName(Parameter)) { OnChange = OnChange }, "its newest unfinished run");
        else if (ParameterSetName == RunIdSet)
            GoOnWithRecord(Flow, RunId);
        else if (ParameterSetName == RunSet)
            GoOnWithRecord(RunOnRecord.FlowOf(Run, Flow), Run.RunId);
        else if (ParameterSetName == ScheduleSet)
            GoOnWithScheduled();
        else if (ParameterSetName == MessageSet)
            GoOnWithMessage();
        else if (ParameterSetName == DocumentSet)
            GoOnWith(Decode());
        else
            GoOnWith(State is null ? GivenRun.New(FlowOrThrow(), Parameter) : GivenRun.Existing(GivenState(State), Parameter));
        voice.Speak();
    }

    /// <summary>What is done to a run, for those who are asked.</summary>
    /// <param name="step">The number of the step; null where it is not known yet.</param>
    private protected abstract string ActionOf(int? step);

    /// <inheritdoc/>
    private protected sealed override void Warn(string warning) => new RunStreams(this).Warn(warning);

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

    private void GoOnWith(FlowState given)
    {
        if (!ShouldProcess($"{given.Flow.Name}, run {given.RunId}", ActionOf(given.Step + 1)))
        {
            WriteObject(SelectionIn(given.Flow)?.ApplyTo(given) ?? given);
            return;
        }

        var outcome = TakeStep(new RunByState(given));
        WriteObject(outcome.IsLate ? throw FlowErrors.RunFurtherOn(outcome.Run, given) : outcome.Run);
    }

    // The message is nobody else's until what comes down the pipeline, such as Publish-FlowMessage, is done with the run.
    private void GoOnWithMessage()
    {
        if (!ShouldProcess($"{Flow.Name}, {Message}", ActionOf(step: null)))
            return;
        try
        {
            using var locked = Message.KeepLocked();
            Write(TakeStep(new RunOfMessage(Flow, Message, NamedValues.ByName(Parameter)) { OnChange = OnChange }));
        }
        catch (FlowException e)
        {
            Message.Fail(e, mayPass: e.IsTransient || e.Id == FlowErrorId.StoreConflict);
            throw;
        }
        catch (OperationCanceledException e)
        {
            Message.Fail(e, mayPass: true);
            throw;
        }
    }

    private void GoOnWithRecord(Flow flow, string runId) => GoOnWithRecord(flow, new RunById(flow, runId, NamedValues.ByName(Parameter)) { OnChange = OnChange }, $"run {runId}");

    private void GoOnWithRecord(Flow flow, RunChoice run, string what)
    {
        if (ShouldProcess($"{flow.Name}, {what}", ActionOf(step: null)))
            Write(TakeStep(run));
    }

    private void GoOnWithScheduled()
    {
        var flow = ScheduledRun.Flow;
        if (new RunIndex(RecordedRuns.FilesOf(flow)).Find(new(flow.Name, ScheduledRun.RunId), fault => throw fault) is { IsFinished: true } done)
            WriteVerbose($"{done}: it has ended, and is left out.");
        else
            GoOnWithRecord(flow, ScheduledRun.RunId);
    }

    private StepOutcome TakeStep(RunChoice run)
    {
        using var termination = run.Flow.Store is null ? null : new StepTermination(StopToken);
        return PipelineStep.Take(
            this,
            new(run) { Budget = Budget, ResetCancelled = Resets, Durability = Durability, Selection = SelectionIn(run.Flow), RoundTripsResults = RoundTrips, NoLog = NoLog },
            ThrottleLimit,
            termination?.Token ?? StopToken,
            _cluster);
    }

    // Who names no run, or one by its id only, may not know what others are doing with it.
    private SelectionChange? SelectionIn(Flow flow) =>
        SelectionIn(flow, ParameterSetName switch { ResumeSet => SelectionScope.Same, RunIdSet or RunSet or ScheduleSet => SelectionScope.Narrow, _ => SelectionScope.Any });

    private void Write(StepOutcome outcome)
    {
        Warn(outcome.Warnings);
        WriteObject(outcome.Run);
    }
}
