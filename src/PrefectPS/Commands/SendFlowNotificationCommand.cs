using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Security;
using PrefectPS.Channels;
using PrefectPS.Flows;
using PrefectPS.Http.Channels;
using PrefectPS.Notifications;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Sends a notification about a run to a webhook, with what a person needs to act on it.</para></summary>
[Cmdlet(VerbsCommunications.Send, "FlowNotification", SupportsShouldProcess = true)]
public sealed class SendFlowNotificationCommand : FlowCmdlet
{
    // Within the half minute that a call of -OnNotify has.
    private static readonly StoreRetry Patience = new() { TryTime = TimeSpan.FromSeconds(8), TotalTime = TimeSpan.FromSeconds(25) };

    /// <summary>The run, as a step left it, or a recorded run, from Get-FlowRun.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("Run", "State")]
    public object InputObject { get; set; } = null!;

    /// <summary>The address of the webhook, which is treated as a secret.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString Uri { get; set; } = null!;

    /// <summary>Format that the webhook accepts.</summary>
    [Parameter]
    public NotificationFormat Format { get; set; }

    /// <summary>Why it is told, in the title; the run's state by default.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>Title of a button = the page that it opens.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Link { get; set; } = new Hashtable();

    /// <inheritdoc/>
    protected override void Process()
    {
        var notice = NoticeOf(PowerShellValues.Instance.Unwrap(InputObject)) with { Reason = Reason, Links = [.. Links()] };
        var channel = HttpChannel.ToWebhook(Secret.Reveal(Uri)!, Patience);
        if (!ShouldProcess($"{notice.Flow}, run {notice.RunId}", $"Tell {channel.Name}"))
            return;
        var message = JsonStyle.ToBytes(json =>
        {
            if (Format == NotificationFormat.Teams)
                TeamsNotice.Write(json, notice);
            else if (Format == NotificationFormat.Slack)
                SlackNotice.Write(json, notice);
            else
                JsonNotice.Write(json, notice);
        });
        try
        {
            channel.SendAsync(new(message), StopToken).Wait();
        }
        catch (FlowException e)
        {
            throw FlowErrors.NotificationNotSent(notice.Flow, notice.RunId, e);
        }
    }

    // That of which tasks nothing can be read is told all the same.
    private RunNotice NoticeOf(object? given)
    {
        if (given is FlowState state)
            return RunNotice.Of(state, state.Flow.RecordsRuns && state.Identity.Coverage != IdentityCoverage.None ? state.Flow.StoreName : null);
        if (given is not FlowRun run)
            throw ModuleErrors.NoRun(given);
        try
        {
            return RunNotice.Of(RunOnRecord.Read(run, _ => { }), run.Store);
        }
        catch (FlowException e)
        {
            WriteWarning($"The tasks of run '{run.RunId}' cannot be read. {e.Message}");
            return RunNotice.Of(run);
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Links()
    {
        foreach (DictionaryEntry link in Link)
        {
            var address = Convert.ToString(PowerShellValues.Instance.Unwrap(link.Value), CultureInfo.InvariantCulture);
            if (!System.Uri.TryCreate(address, UriKind.Absolute, out var page) || page.Scheme is not ("https" or "http"))
                throw ModuleErrors.LinkInvalid($"{link.Key}");
            yield return new($"{link.Key}", page.AbsoluteUri);
        }
    }
}
