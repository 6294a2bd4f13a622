using System.Management.Automation;
using PrefectPS.Channels;
using PrefectPS.Completion;
using PrefectPS.Storage;

namespace PrefectPS.Commands;

/// <summary><para type="synopsis">Receives messages that say which run to continue.</para></summary>
[Cmdlet(VerbsCommunications.Receive, "FlowMessage")]
[OutputType(typeof(FlowMessage))]
public sealed class ReceiveFlowMessageCommand : FlowCmdlet
{
    private static readonly ReceiveOptions Usual = new();

    /// <summary>The channel: an address, or the output of New-FlowChannel.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ChannelCompleter))]
    public object Channel { get; set; } = null!;

    /// <summary>How long to wait for each message; by default, it does not wait.</summary>
    [Parameter]
    [DurationTransformation]
    [NoNegativeDuration]
    public TimeSpan Wait { get; set; }

    /// <summary>How many messages to receive at most.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>How long a message is locked. A running step extends the lock.</summary>
    [Parameter]
    [DurationTransformation]
    [PositiveDuration]
    public TimeSpan LockTime { get; set; } = Usual.LockTime;

    /// <summary>How often a message is delivered before it is dead-lettered.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxDeliveries { get; set; } = Usual.MaxDeliveries;

    /// <summary>The channel for dead-lettered messages; the channel's own by default.</summary>
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
