using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Base of the cmdlets that send a request to a recorded run: the run, the requester, the reason, and how long to wait.</summary>
public abstract class ControlCmdlet : FlowCmdlet
{
    /// <summary>The default parameter set.</summary>
    private protected const string RunSet = "Run";

    private const string FlowSet = "Flow";
    private const string StoreSet = "Store";

    /// <summary>The run, from Get-FlowRun, or a state of it.</summary>
    [Parameter(ParameterSetName = RunSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object Run { get; set; } = null!;

    /// <summary>The run's flow, whose store contains the run.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Flow Flow { get; set; } = null!;

    /// <summary>The store that contains the run.</summary>
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

    /// <summary>The reason, which is recorded.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Who makes the request; by default, the user and the machine.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RequestedBy { get; set; }

    /// <summary>How long to wait until it is applied.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan Timeout { get; set; } = RunRequest.UsualTimeout;

    /// <summary>Do not wait until the request is applied; return its id.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>The id of an earlier request, which is applied once.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>The request.</summary>
    private protected abstract RequestKind Kind { get; }

    /// <summary>The operation, for -WhatIf and -Confirm.</summary>
    private protected abstract string Action { get; }

    /// <inheritdoc/>
    /// <remarks>An error of one run does not affect the others.</remarks>
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

    /// <summary>Completes the request with the data of this cmdlet.</summary>
    /// <param name="request">The request.</param>
    /// <param name="flow">The run's flow; null if only its name is known.</param>
    private protected abstract ControlRequest Complete(ControlRequest request, Flow? flow);

    /// <summary>Applies the request to a state object that is not recorded, if possible.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunNotOnRecord"/>.</exception>
    private protected virtual FlowState ApplyInHand(FlowState run) => throw FlowErrors.RunNotOnRecord(run.RunId, run.Flow.Name);

    /// <summary>True if the request makes sense for the run.</summary>
    private protected virtual bool MaySend(FlowRun run, RunRequest request) => true;

    /// <summary>Writes messages about the run after the request is applied.</summary>
    private protected abstract void Look(FlowState run);

    /// <summary>Warns that the request came too late to change anything.</summary>
    private protected void WarnOfEnd(FlowState run, string wanted) => Warn([ModuleTexts.TooLate(run, wanted)]);

    private static bool IsOnRecord(FlowState run) => run.Flow.Store is { } store && ExistingRun.Find(new(store), RunFolder.Of(run.Flow.Name, run.RunId)) is not null;

    private FlowRun FindRun() => ParameterSetName switch
    {
        FlowSet => RunRequest.Of(Flow, RunId),
        StoreSet => new(StoreResolver.Resolve(Store, SessionState), FlowName, RunFolder.Of(FlowName, RunId).RunId),
        _ => RunRequest.RunOf(Run),
    };
}
