using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>What the cmdlets share that ask something of a run on record: of which run, who asks and why, and how long it is waited for.</summary>
public abstract class ControlCmdlet : FlowCmdlet
{
    /// <summary>The default parameter set.</summary>
    private protected const string RunSet = "Run";

    private const string FlowSet = "Flow";
    private const string StoreSet = "Store";

    /// <summary>The run, as Get-FlowRun gets it, or a state of it.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object Run { get; set; } = null!;

    /// <summary>The run's flow, in whose store it is on record.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The store that the run is on record in.</summary>
    [Parameter(ParameterSetName = StoreSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    public object Store { get; set; } = string.Empty;

    /// <summary>The name of the run's flow.</summary>
    [Parameter(ParameterSetName = StoreSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string FlowName { get; set; } = string.Empty;

    /// <summary>The run's id.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true)]
    [Parameter(ParameterSetName = StoreSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunIdCompleter))]
    [RunIdTransformation]
    public string RunId { get; set; } = string.Empty;

    /// <summary>Why, for those who look at the run.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Who asks for it; unless given the user, at this machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RequestedBy { get; set; }

    /// <summary>How long to wait until it is applied.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan Timeout { get; set; } = RunRequest.UsualTimeout;

    /// <summary>Do not wait until it is applied, and put out the request's id.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The id of a request that was sent before, and may have been applied: it is applied once.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>What is asked.</summary>
    private protected abstract RequestKind Kind { get; }

    /// <summary>What is done to the run, for those who are asked.</summary>
    private protected abstract string Action { get; }

    /// <inheritdoc/>
    /// <remarks>What is wrong with one run keeps none of the others from being reached.</remarks>
    protected sealed override void Process()
    {
        try
        {
            if (ParameterSetName == RunSet && PowerShellValues.Instance.Unwrap(Run) is FlowState state && !IsOnRecord(state))
            {
                if (ShouldProcess($"{state.Flow.Name}, run {state.RunId} (state object)", Action))
                    WriteObject(ApplyInHand(state));
                return;
            }

            var run = FindRun();
            var request = new RunRequest(run) { Id = Id, Reason = Reason, RequestedBy = RequestedBy, Timeout = NoWait ? null : Timeout };
            if (!MaySend(run, request) || !ShouldProcess($"{run.Flow}, run {run.RunId} in {run.Store}", Action))
                return;
            var outcome = request.Send(this, Complete(request.New(Kind), run.Definition), StopToken);
            if (outcome.Run is { } after)
                Look(after);
            WriteObject(request.Output(outcome));
        }
        catch (FlowException e)
        {
            WriteError(e);
        }
    }

    /// <summary>The request with what only this cmdlet knows.</summary>
    /// <param name="request">The request.</param>
    /// <param name="flow">The run's flow; null where only its name is known.</param>
    private protected abstract ControlRequest Complete(ControlRequest request, Flow? flow);

    /// <summary>The run in hand as what is asked makes it, where that needs no record.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunNotOnRecord"/>.</exception>
    private protected virtual FlowState ApplyInHand(FlowState run) => throw FlowErrors.RunNotOnRecord(run.RunId, run.Flow.Name);

    /// <summary>Whether there is a use in asking.</summary>
    private protected virtual bool MaySend(FlowRun run, RunRequest request) => true;

    /// <summary>Says what is to be said of the run once the request is applied.</summary>
    private protected abstract void Look(FlowState run);

    /// <summary>Warns that the request came too late to change anything.</summary>
    private protected void WarnOfEnd(FlowState run, string wanted) => Warn([ModuleTexts.TooLate(run, wanted)]);

    private static bool IsOnRecord(FlowState run) => run.Flow.Store is { } store && LivingRun.Find(new(store), RunFolder.Of(run.Flow.Name, run.RunId)) is not null;

    private FlowRun FindRun() => ParameterSetName switch
    {
        FlowSet => RunRequest.Of(Flow, RunId),
        StoreSet => new(StoreResolver.Resolve(Store, SessionState), FlowName, RunFolder.Of(FlowName, RunId).RunId),
        _ => RunRequest.RunOf(Run),
    };
}
