using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Progress;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Asks something of a run on record, on a cmdlet's behalf.</summary>
/// <param name="run">The run.</param>
internal sealed class RunRequest(FlowRun run)
{
    /// <summary>Who asks where nobody is named: the user, at this machine.</summary>
    public static string ThisUser => $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>How long a request is waited for unless something else is said.</summary>
    public static TimeSpan UsualTimeout => TimeSpan.FromSeconds(30);

    /// <summary>Who asks.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The request's id, where it was sent before.</summary>
    public string? Id { get; init; }

    /// <summary>How long it is waited until it is applied; null for not at all.</summary>
    public TimeSpan? Timeout { get; init; }

    private FlowServices Services { get; } = run.Definition?.Services ?? SessionServices.Create();

    /// <summary>The run that was given: one on record, or a state whose flow has a store.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunNotOnRecord"/> or <see cref="FlowErrorId.StateInvalid"/>.</exception>
    public static FlowRun RunOf(object given) => PowerShellValues.Instance.Unwrap(given) switch
    {
        FlowRun run => run,
        FlowState state => Of(state.Flow, state.RunId),
        var other => throw ModuleErrors.NoRun(other),
    };

    /// <summary>The run of an id.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.RunNotOnRecord"/>.</exception>
    public static FlowRun Of(Flow flow, string runId) =>
        new FlowRun(flow.Store ?? throw FlowErrors.RunNotOnRecord(runId, flow.Name), flow.Name, RunFolder.Of(flow.Name, runId).RunId).With(flow);

    /// <summary>Whether nothing that was asked of the run is still to be applied.</summary>
    public bool IsInboxEmpty() => RequestSender.HasNothingPending(new(run.Provider), run.Folder);

    /// <summary>A request of a kind, to be completed.</summary>
    public ControlRequest New(RequestKind kind) => New(kind, Id, RequestedBy, Reason, Services.Clock);

    /// <summary>A request of a kind, of no run in particular.</summary>
    public static ControlRequest New(RequestKind kind, string? id, string? by, string? reason, TimeProvider clock) =>
        new(id ?? Guid.NewGuid().ToString("n"), kind, by ?? ThisUser, RequestSender.Stamp(clock)) { Reason = reason };

    /// <summary>Sends a request.</summary>
    /// <param name="cmdlet">The cmdlet, told of retries of the store.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="FlowException">As of <see cref="RequestSender.Send"/>.</exception>
    public RequestOutcome Send(PSCmdlet cmdlet, ControlRequest request, CancellationToken stop)
    {
        using var voice = new StoreVoice(cmdlet.WriteVerbose);
        using var session = new StepSession(cmdlet, new StepNotices(new(cmdlet))); // whoever is told of the run is told here
        var outcome = new RequestSender(new(run.Provider), run.Folder, run.Definition, Services).Send(request, Timeout, stop);
        voice.Speak();
        return outcome;
    }

    /// <summary>What a cmdlet puts out: the run with its flow, its summary where only the flow's name is known, the request's id where nobody waits.</summary>
    public object Output(RequestOutcome outcome) =>
        outcome.Run is not { } state ? outcome.Id
        : run.Definition is not null ? state
        : FlowRun.Of(run.Provider, state, run.Incarnation, DateTimeOffset.UtcNow);
}
