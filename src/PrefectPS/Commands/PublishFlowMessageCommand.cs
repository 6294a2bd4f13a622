using System.Management.Automation;
using System.Text;
using PrefectPS.Channels;
using PrefectPS.Completion;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Storage;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Publishes a run to a channel, for its next step.</para></summary>
[Cmdlet(VerbsData.Publish, "FlowMessage", SupportsShouldProcess = true)]
[OutputType(typeof(FlowState))]
public sealed class PublishFlowMessageCommand : FlowCmdlet
{
    private IFlowChannel? _channel;

    /// <summary>The run, or its state document as text or bytes.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public object InputObject { get; set; } = null!;

    /// <summary>The channel: an address, or the output of New-FlowChannel.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    public object Channel { get; set; } = null!;

    /// <summary>Send a run that is over too.</summary>
    [Parameter]
    public SwitchParameter Always { get; set; }

    /// <summary>Return the run after it was sent.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        _channel ??= ChannelResolver.Resolve(Channel, SessionState);
        var given = PowerShellValues.Instance.Unwrap(InputObject);
        if (!ShouldProcess(_channel.Name, given is FlowState state ? $"Send run {state.RunId} of flow {state.Flow.Name}" : "Send a state document"))
            return;
        if (given is FlowState run)
            Send(run);
        else
            MessagePublisher.SendAsync(_channel, DocumentOf(given), Always, StopToken).Wait();
        if (PassThru)
            WriteObject(InputObject);
    }

    private static byte[] DocumentOf(object? given) => given switch
    {
        string text => NotEmpty(Encoding.UTF8.GetBytes(text)),
        byte[] bytes => NotEmpty(bytes),
        _ => throw ModuleErrors.NothingToPublish(given!),
    };

    // A receiver would refuse it.
    private static byte[] NotEmpty(byte[] document) => Envelope.Open(document).IsCutOff ? throw FlowErrors.StateEmpty() : document;

    private void Send(FlowState run)
    {
        if (ForgottenReset.Of(run) is { } warning)
            WriteWarning(warning);
        try
        {
            MessagePublisher.SendAsync(_channel!, run, Always, StopToken).Wait();
        }
        catch (Exception e) when (e is FlowException or OperationCanceledException)
        {
            MessageOrigin.Of(run)?.Message.Fail(e, mayPass: (e as FlowException)?.IsTransient != false);
            throw;
        }
    }
}
