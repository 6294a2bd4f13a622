using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Progress;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Sends a request to a recorded run for a cmdlet.</summary>
/// <param name="run">The run.</param>
internal sealed class RunRequest(FlowRun run)
{
    /// <summary>The default requester: the user and the machine.</summary>
    public static string ThisUser => $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>The default time to wait for a request.</summary>
    public static TimeSpan UsualTimeout => TimeSpan.FromSeconds(30);

    /// <summary>The requester.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>The reason.</summary>
    public string? Reason { get; init; }

    /// <summary>The request's id, where it was sent before.</summary>
    public string? Id { get; init; }

    /// <summary>How long to wait until the request is applied; null for not waiting.</summary>
    public TimeSpan? Timeout { get; init; }

    private FlowServices Services { get; } = run.Definition?.Services ?? SessionServices.Create();

    /// <summary>The run that was given: a recorded run, or a state whose flow has a store.</summary>
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

    /// <summary>True if the run has no pending requests.</summary>
    public bool IsInboxEmpty() => RequestSender.HasNothingPending(new(run.Provider), run.Folder);

    /// <summary>A request of a kind, to be completed.</summary>
    public ControlRequest New(RequestKind kind) => New(kind, Id, RequestedBy, Reason, Services.Clock);

    /// <summary>A request of a kind, not tied to a run.</summary>
    public static ControlRequest New(RequestKind kind, string? id, string? by, string? reason, TimeProvider clock) =>
        new(id ?? Guid.NewGuid().ToString("n"), kind, by ?? ThisUser, RequestSender.Stamp(clock)) { Reason = reason };

    /// <summary>Sends a request.</summary>
    /// <param name="cmdlet">The cmdlet, which reports store retries.</param>
    /// <param name="request">The request.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="FlowException">As of <see cref="RequestSender.Send"/>.</exception>
    public RequestOutcome Send(PSCmdlet cmdlet, ControlRequest request, CancellationToken stop)
    {
        using var voice = new VerboseStoreListener(cmdlet.WriteVerbose);
        using var session = new StepSession(cmdlet, new StepNotices(new(cmdlet))); // notification blocks run in this session
        var outcome = new RequestSender(new(run.Provider), run.Folder, run.Definition, Services).Send(request, Timeout, stop);
        voice.Speak();
        return outcome;
    }

    /// <summary>The output of a cmdlet: the run with its flow, its summary if only the flow's name is known, or the request's id without waiting.</summary>
    public object Output(RequestOutcome outcome) =>
        outcome.Run is not { } state ? outcome.Id
        : run.Definition is not null ? state
        : FlowRun.Of(run.Provider, state, run.Incarnation, DateTimeOffset.UtcNow);
}
