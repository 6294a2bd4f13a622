using System.Management.Automation;
using PrefectPS.Channels;
using PrefectPS.Completion;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Receives messages that say which run to go on with.</para></summary>
[Cmdlet(VerbsCommunications.Receive, "FlowMessage")]
[OutputType(typeof(FlowMessage))]
public sealed class ReceiveFlowMessageCommand : FlowCmdlet
{
    private static readonly ReceiveOptions Usual = new();

    /// <summary>The channel: its address, or one that New-FlowChannel opened.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    public object Channel { get; set; } = null!;

    /// <summary>How long to wait for each message; only what is there unless given.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan Wait { get; set; }

    /// <summary>How many messages to receive at most.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>How long a message is nobody else's. While a step runs it is extended.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan LockTime { get; set; } = Usual.LockTime;

    /// <summary>How often a message is delivered before it is set aside.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxDeliveries { get; set; } = Usual.MaxDeliveries;

    /// <summary>The channel for messages that nobody could complete; the channel's own place unless given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object? DeadLetter { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var channel = ChannelResolver.Resolve(Channel, SessionState);
        var options = new ReceiveOptions
        {
            LockTime = LockTime,
            MaxDeliveries = MaxDeliveries,
            DeadLetters = DeadLetter is null ? null : ChannelResolver.Resolve(DeadLetter, SessionState),
        };
        for (var received = 0; received < Count; received++)
        {
            if (MessageReceiver.ReceiveAsync(channel, options, Wait, TimeProvider.System, StopToken).Wait() is not { } message)
                return;
            WriteObject(message);
        }
    }
}
