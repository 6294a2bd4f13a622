using System.Management.Automation;
using PrefectPS.Completion;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Http.Events;
using PrefectPS.Runs;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Creates a link by which a person can send an event to a run, once, on a page of Start-FlowListener.</para></summary>
[Cmdlet(VerbsCommon.New, "FlowEventLink", DefaultParameterSetName = RunSet)]
[OutputType(typeof(Uri))]
public sealed class NewFlowEventLinkCommand : FlowCmdlet
{
    private const string RunSet = "Run";
    private const string FlowSet = "Flow";
    private const string StoreSet = "Store";

    /// <summary>The run, from Get-FlowRun, or a state of it; in a task or handler its own run by default.</summary>
    [Parameter(ParameterSetName = RunSet, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public object? Run { get; set; }

    /// <summary>The run's flow, whose store contains the run.</summary>
    [Parameter(ParameterSetName = FlowSet, Mandatory = true)]
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

    /// <summary>The event's name, as Add-FlowTask -WaitForEvent has it; in a task it may have variables of targets.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = string.Empty;

    /// <summary>Public address of the listener, as used in links.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public Uri BaseUri { get; set; } = null!;

    /// <summary>The key to sign the link with, or several by their ids.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public object SigningKey { get; set; } = null!;

    /// <summary>The id of the key to sign with.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SigningKeyId { get; set; }

    /// <summary>How long the link can be used.</summary>
    [Parameter(Mandatory = true)]
    [DaysTransformation]
    [PositiveDuration]
    public TimeSpan ExpiresIn { get; set; }

    /// <summary>Whom the link is for: it stands on record as who has sent the event.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RequestedBy { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        CheckBase();
        if (EventSenderName.Clean(RequestedBy) != RequestedBy)
            throw ModuleErrors.EventLinkInvalid($"-RequestedBy is a name of {EventSenderName.MaxLength} characters at most, in one line");
        var keys = SigningKeyParameter.Resolve(SigningKey, SigningKeyId, signs: true)!;
        var context = ParameterSetName == RunSet && Run is null && HandlerRun.Current is null ? OwnContext() : null;
        var run = FindRun(context);
        var name = CheckName(run.Definition, context);
        var link = MakeLink(run, name).ToUri(BaseUri, keys);
        WriteObject(link.AbsoluteUri.Length <= EventLink.MaxLength ? link
            : throw ModuleErrors.EventLinkInvalid($"it would have {link.AbsoluteUri.Length} characters, and many programs truncate links of more than {EventLink.MaxLength}: use shorter names for flow, run and event"));
    }

    private EventLink MakeLink(FlowRun run, string name)
    {
        var now = (run.Definition?.Services ?? SessionServices.Create()).Clock.GetUtcNow();
        var incarnation = ExistingRun.Find(new(run.Provider), run.Folder)?.Head.Incarnation ?? throw FlowErrors.RunNotFound(run.Store, run.RunId);
        return new(run.Flow, run.RunId, incarnation, name, DateTimeOffset.FromUnixTimeSeconds(now.Plus(ExpiresIn).ToUnixTimeSeconds()), $"link-{Guid.NewGuid():n}") { For = RequestedBy };
    }

    private void CheckBase()
    {
        if (!BaseUri.IsAbsoluteUri || BaseUri.Scheme is not ("https" or "http"))
            throw ModuleErrors.EventLinkInvalid($"-BaseUri '{BaseUri}' is not an address of the form https://flows.contoso.com/");
        if (BaseUri.UserInfo.Length + BaseUri.Query.Length + BaseUri.Fragment.Length > 0)
            throw ModuleErrors.EventLinkInvalid("-BaseUri has more than host, port and path");
        if (BaseUri is { Scheme: "http", IsLoopback: false })
            WriteWarning("The link uses unencrypted http, and anyone who reads it can use it. Terminate TLS in front of the listener, and use its https address.");
    }

    private FlowContext OwnContext() => PowerShellValues.Instance.Unwrap(SessionState.PSVariable.GetValue(nameof(FlowContext))) as FlowContext
        ?? throw ModuleErrors.EventLinkInvalid("it is not said of which run: give -Run, or make it in a task or handler of the run");

    private FlowRun FindRun(FlowContext? context) => ParameterSetName switch
    {
        FlowSet => RunRequest.Of(Flow, RunId),
        StoreSet => new(StoreResolver.Resolve(Store, SessionState), FlowName, RunFolder.Of(FlowName, RunId).RunId),
        _ when Run is not null => RunRequest.RunOf(Run),
        _ => Own(context?.Root ?? HandlerRun.Current!),
    };

    private static FlowRun Own(RootRun run) => RunRequest.Of(run.Flow, run.RunId);

    private string CheckName(Flow? flow, FlowContext? context)
    {
        var name = context is not null && Name.Contains('{') ? context.Render(Name) : Name;
        if (DefinedName.FaultIn(name) is { } fault)
            throw FlowErrors.EventInvalid(name, $"its name {fault}");
        if (flow is null)
            return name;
        var addressed = EventRecipients.Find(flow, name);
        return name.Contains('{') && addressed.Any(task => string.Equals(task.Event!.Name, name, StringComparison.OrdinalIgnoreCase))
            ? throw ModuleErrors.EventLinkInvalid($"'{name}' has variables: give the name as it is for one task, such as 'order-3'")
            : name;
    }
}
