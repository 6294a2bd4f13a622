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
    private readonly EventDesk _desk = new();
    private IFlowChannel? _channel;
    private IFlowChannel? _deadLetters;

    /// <summary>The flow whose runs the requests are about.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public Flow Flow { get; set; } = null!;

    /// <summary>Where to listen.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Prefix { get; set; } = string.Empty;

    /// <summary>The channel by which a run is sent on to its next step.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    public object? Channel { get; set; }

    /// <summary>The channel for messages that are refused, with the reason; without one their sender is told by 400.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? DeadLetter { get; set; }

    /// <summary>Called with each message, in place of a step of the flow.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Handler { get; set; }

    /// <summary>How many tasks may be started in a step.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? MaxTasks { get; set; }

    /// <summary>How long a step may take: after this time no task is started.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>How many tasks may run at once, or a hashtable that says it for tags.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? ThrottleLimit { get; set; }

    /// <summary>Keep what tasks write off the record.</summary>
    [Parameter]
    public SwitchParameter NoLog { get; set; }

    /// <summary>A secret that the caller has to know.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? Secret { get; set; }

    /// <summary>The key that the caller has to sign with.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? SigningKey { get; set; }

    /// <summary>The key that the links of New-FlowEventLink are signed with, or several by their ids.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? LinkSigningKey { get; set; }

    /// <summary>Whom the caller's OIDC token has to be for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Audience { get; set; }

    /// <summary>Who has to have issued the token; Google unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Issuer { get; set; }

    /// <summary>Where the issuer's keys are; Google's unless given.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? KeysUrl { get; set; }

    /// <summary>The e-mail address of the service account that has to be the caller.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ServiceAccount { get; set; }

    /// <summary>Answer everyone: where something in front of the listener tells who may call.</summary>
    [Parameter]
    public SwitchParameter Anonymous { get; set; }

    /// <summary>How far clocks may be apart.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest body of a request, in bytes.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxBodyBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>The most connections; one more closes the oldest that has no request in work.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxConnections { get; set; } = 1000;

    /// <summary>How many requests are read at the same time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxRequests { get; set; } = 64;

    /// <summary>How many bodies are read at the same time whose senders only the whole request shows; one more cuts off the oldest.</summary>
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

    /// <summary>How long a body may take whose sender only the whole request shows.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan UnverifiedReadTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The path that tells that the listener is alive.</summary>
    [Parameter]
    [ValidatePattern("^/")]
    public string HealthPath { get; set; } = "/healthz";

    /// <summary>How many messages to answer before it ends; any number unless given.</summary>
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
            Check = CheckOfCaller(),
            Events = new(new(Flow), _desk) { Keys = SigningKeyParameter.Resolve(LinkSigningKey), Channel = _channel },
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

    // Who has a link needs no other leave, and no message comes of it that would need a step here.
    private bool AnswersLinksAlone => LinkSigningKey is not null && !Anonymous && Secret is null && SigningKey is null && Audience is null;

    private IRequestCheck? CheckOfCaller() => (Secret, SigningKey, Audience, Anonymous.IsPresent) switch
    {
        ({ } secret, null, null, false) => new SecretCheck(Commands.Secret.Reveal(secret)!),
        (null, { } key, null, false) => new SignatureCheck(Commands.Secret.Reveal(key)!, ClockSkew, TimeProvider.System),
        (null, null, { } audience, false) => new TokenCheck(TokenOptionsOf(audience), TimeProvider.System),
        (null, null, null, true) => null,
        _ when AnswersLinksAlone => new NobodyCheck(),
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
        _desk.IsAttended = true;
        while (Task.WaitAny([next, _desk.Arrival], WarningRest) != 0)
            Attend();
        _desk.IsAttended = false;
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
        _desk.WorkOff(WriteError, note => WriteVerbose(TerminalText.Of(note)));
        WarnOfMissingKeys();
    }

    // Requests are checked on other threads, and who is refused for want of keys brings no message.
    private void WarnOfMissingKeys()
    {
        while (_missingKeys.TryDequeue(out var warning))
            Warn(TerminalText.Of(warning));
    }

    // The caller is told that all is well once the outcome is stored and the next message sent, not before.
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
