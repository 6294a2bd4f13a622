using System.Collections.Concurrent;
using System.Management.Automation;
using System.Security;
using PrefectPS.Channels;
using PrefectPS.Completion;
using PrefectPS.Flows;
using PrefectPS.Http.Events;
using PrefectPS.Http.Listening;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Starts a listener that answers HTTP requests: pushes of Pub/Sub and webhooks that ask for the next step of a run, and events.</para></summary>
[Cmdlet(VerbsLifecycle.Start, "FlowListener", SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class StartFlowListenerCommand : FlowCmdlet
{
    private static readonly TimeSpan Forever = TimeSpan.FromDays(1);
    private static readonly TimeSpan WarningRest = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _missingKeys = new();
    private readonly CmdletDispatcher _dispatcher = new();
    private IFlowChannel? _channel;
    private IFlowChannel? _deadLetters;

    /// <summary>The flow to which the requests belong.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>Where to listen.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Prefix { get; set; } = string.Empty;

    /// <summary>The channel through which a run is sent to its next step.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    public object? Channel { get; set; }

    /// <summary>The channel for refused messages, with the reason; without it, they are answered with 400.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? DeadLetter { get; set; }

    /// <summary>Called with each message instead of a step of the flow.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Handler { get; set; }

    /// <summary>How many tasks may be started in a step.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxTasks { get; set; }

    /// <summary>How long a step can take: after this time, no task starts.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>How many tasks can run at the same time, or a hashtable of limits by tag.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? ThrottleLimit { get; set; }

    /// <summary>Do not record the output of tasks.</summary>
    [Parameter]
    public SwitchParameter NoLog { get; set; }

    /// <summary>A secret that callers must send.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? Secret { get; set; }

    /// <summary>The key that callers must sign with.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? SigningKey { get; set; }

    /// <summary>The key that the links of New-FlowEventLink are signed with, or several by their ids.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? LinkSigningKey { get; set; }

    /// <summary>The audience that the caller's OIDC token must have.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Audience { get; set; }

    /// <summary>The required issuer of the token; Google by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Issuer { get; set; }

    /// <summary>The address of the issuer's keys; Google's by default.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? KeysUrl { get; set; }

    /// <summary>The e-mail address of the service account that must be the caller.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ServiceAccount { get; set; }

    /// <summary>Accept all callers, if a service in front of the listener authorizes them.</summary>
    [Parameter]
    public SwitchParameter Anonymous { get; set; }

    /// <summary>The allowed difference between clocks.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest body of a request, in bytes.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxBodyBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>The maximum number of connections; a further one closes the oldest without a request in progress.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>How many requests are read at the same time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRequests { get; set; } = 64;

    /// <summary>How many bodies of unauthenticated senders are read at the same time; a further one ends the oldest.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxUnverified { get; set; } = 16;

    /// <summary>How long the headers of a request may take to arrive.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan HeaderTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the body of a request may take to arrive.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan ReadTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the body of an unauthenticated sender may take to arrive.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan UnverifiedReadTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The path of the health check.</summary>
    [Parameter]
    [ValidatePattern("^/")]
    public string HealthPath { get; set; } = "/healthz";

    /// <summary>How many messages to answer before it ends; no limit by default.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Channel is null && Handler is null && !AnswersLinksAlone)
            throw ModuleErrors.ListenerWithoutChannel(Flow.Name);
        _channel = Channel is null ? null : ChannelResolver.Resolve(Channel, SessionState);
        _deadLetters = DeadLetter is null ? null : ChannelResolver.Resolve(DeadLetter, SessionState);
        var options = new ListenerOptions
        {
            Prefix = Prefix,
            Authenticator = AuthenticatorOfCaller(),
            Events = new(new(Flow), _dispatcher) { Keys = SigningKeyParameter.Resolve(LinkSigningKey), Channel = _channel },
            Server = new() { MaxConnections = MaxConnections, MaxBodyBytes = MaxBodyBytes, HeaderTime = HeaderTime },
            MaxRequests = MaxRequests,
            MaxUnverified = MaxUnverified,
            ReadTime = ReadTime,
            UnverifiedReadTime = UnverifiedReadTime,
            HealthPath = HealthPath,
        };
        Warn(EmptyFlows.In(Flow));
        if (!ShouldProcess(Prefix, $"Listen for messages of flow {Flow.Name}"))
            return;
        using var signals = TerminationSignals.Listen(_end.Cancel);
        using var stopped = StopToken.Register(_end.Cancel);
        using var listener = RequestListener.Start(options);
        WriteVerbose($"Listening at {Prefix}.");
        try
        {
            for (var answered = 0; Count is not { } last || answered < last;)
                answered += AnswerNext(listener) ? 1 : 0;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested && !StopToken.IsCancellationRequested)
        {
            WriteVerbose("The listener is shutting down.");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _end.Dispose();
        base.Dispose(disposing);
    }

    // A link authorizes its holder, and answers do not run steps here, so no authentication or channel is required.
    private bool AnswersLinksAlone => LinkSigningKey is not null && !Anonymous && Secret is null && SigningKey is null && Audience is null;

    private IRequestAuthenticator? AuthenticatorOfCaller() => (Secret, SigningKey, Audience, Anonymous.IsPresent) switch
    {
        ({ } secret, null, null, false) => new SecretAuthenticator(Commands.Secret.Reveal(secret)!),
        (null, { } key, null, false) => new SignatureAuthenticator(Commands.Secret.Reveal(key)!, ClockSkew, TimeProvider.System),
        (null, null, { } audience, false) => new TokenAuthenticator(TokenOptionsOf(audience), TimeProvider.System),
        (null, null, null, true) => null,
        _ when AnswersLinksAlone => new DenyAllAuthenticator(),
        _ => throw ModuleErrors.ListenerCheckUnclear(),
    };

    private TokenOptions TokenOptionsOf(string audience)
    {
        var options = new TokenOptions { Audience = audience, Account = ServiceAccount, ClockSkew = ClockSkew };
        return options with { Issuers = Issuer ?? options.Issuers, KeysUrl = KeysUrl ?? options.KeysUrl, KeysMissing = _missingKeys.Enqueue };
    }

    private bool AnswerNext(RequestListener listener)
    {
        var receiving = new ReceiveOptions { MaxDeliveries = int.MaxValue, DeadLetters = _deadLetters };
        var next = MessageReceiver.ReceiveAsync(listener, receiving, Forever, TimeProvider.System, _end.Token).AsTask();
        _dispatcher.IsActive = true;
        while (Task.WaitAny([next, _dispatcher.Arrival], WarningRest) != 0)
            Attend();
        _dispatcher.IsActive = false;
        Attend();
        if (next.GetAwaiter().GetResult() is not { } message)
            return false;
        try
        {
            Answer(message);
        }
        catch (Exception e) when (e is FlowException or RuntimeException)
        {
            message.Fail(e, mayPass: true);
            WriteError(e is FlowException error ? ErrorRecords.From(error) : ((RuntimeException)e).ErrorRecord);
        }
        catch (OperationCanceledException e)
        {
            message.Fail(e, mayPass: true);
            throw;
        }

        return true;
    }

    /// <inheritdoc/>
    private protected override void Warn(string warning) => new RunStreams(this).Warn(warning);

    private void Attend()
    {
        _dispatcher.ProcessPending(WriteError, note => WriteVerbose(TerminalText.Of(note)));
        WarnOfMissingKeys();
    }

    // Requests are authenticated on other threads, and a refused request brings no message with which the warning could be written.
    private void WarnOfMissingKeys()
    {
        while (_missingKeys.TryDequeue(out var warning))
            Warn(TerminalText.Of(warning));
    }

    // The request is answered only after the outcome is stored and the next message is sent.
    private void Answer(FlowMessage message)
    {
        if (Handler is not null)
        {
            foreach (var output in Handler.Invoke(message))
                WriteObject(output);
            if (!message.IsSettled)
                message.Complete();
            return;
        }

        var restart = ComputerRestarter.For(Flow);
        var outcome = TakeStep(message, restart);
        Warn(outcome.Warnings);
        MessagePublisher.SendAsync(_channel!, outcome.Run, always: false, _end.Token).Wait();
        WriteObject(outcome.Run);
        ComputerRestarter.Follow(this, outcome.Run, restart, keepsLog: !NoLog);
    }

    private StepOutcome TakeStep(FlowMessage message, ComputerRestart restart)
    {
        var budget = new StepBudget { MaxTasks = MaxTasks, Time = TimeBudget };
        return PipelineStep.Take(this, new(new RunOfMessage(Flow, message, RunParameters.None)) { Budget = budget, NoLog = NoLog, Restart = restart }, ThrottleLimit, _end.Token);
    }
}
