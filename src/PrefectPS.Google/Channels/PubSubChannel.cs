using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Channels;
using PrefectPS.Storage;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>A topic of Google Pub/Sub, received from by a subscription. The ordering key of a message is its run.</summary>
/// <remarks>
/// Pub/Sub cannot hold a message until a time: the receiver sees the time and puts the message back. It counts deliveries only for a subscription with a
/// dead-letter policy; those at which the message was only put back until its time are not among ours.
/// </remarks>
public sealed class PubSubChannel : RemoteChannel
{
    /// <summary>The longest time for which a message can be kept or put back.</summary>
    internal static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(10);

    // Of the 10 MB that a request may have, which has the data in Base64.
    private const int MaxBytes = 7_000_000;

    private const string DeadSuffix = "-dead";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly PubSubAddress _address;
    private readonly ChannelOptions _options;
    private readonly LateClient<PubSubClient> _client;

    private PubSubChannel(PubSubAddress address, ChannelOptions options)
        : base(address.ToString(), MaxBytes, options.Retry)
    {
        (_address, _options) = (address, options);
        _client = new(stop => PubSubClient.ConnectAsync(address, options, stop));
    }

    /// <summary>The topic with the name of this one and <c>-dead</c>; it and a subscription of the same name are created with the first dead letter.</summary>
    public override IFlowChannel DeadLetters =>
        new PubSubChannel(new(_address.Project, _address.Topic + DeadSuffix, _address.Topic + DeadSuffix), _options) { CreatesTopic = true };

    private bool CreatesTopic { get; init; }

    /// <summary>A channel at an address; nothing is sent yet.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address makes no sense.</exception>
    public static PubSubChannel Open(ChannelOptions options) => new(PubSubAddress.Parse(options.Address), options);

    // Asked for what is there, again and again: a request that is to wait, and is given up, may take a message along that nobody then sees.
    /// <inheritdoc/>
    public override ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        Polling.AskAsync(async stop => await PullAsync(lockTime, stop), wait, LongestPause, cancellationToken);

    /// <summary>Says that a delivery is done.</summary>
    internal Task AcknowledgeAsync(string ackId, CancellationToken cancellationToken) =>
        CallAsync("complete a message", Retry.TotalTime, stop =>
            PostAsync<Empty>($"{_address.SubscriptionPath}:acknowledge", new AcknowledgeRequest { AckIds = [ackId] }, stop), cancellationToken);

    /// <summary>Says when a delivery's lock ends, from now; in no time for a message that is put back.</summary>
    internal Task ModifyAckDeadlineAsync(string ackId, TimeSpan time, CancellationToken cancellationToken)
    {
        var seconds = (int)Math.Ceiling(Math.Min(time.TotalSeconds, LongestLock.TotalSeconds));
        return CallAsync("keep a message", Retry.TotalTime, stop => PostAsync<Empty>(
            $"{_address.SubscriptionPath}:modifyAckDeadline", new ModifyAckDeadlineRequest { AckIds = [ackId], AckDeadlineSeconds = seconds }, stop), cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task PutAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        var request = new PublishRequest { Messages = [PubSubEnvelope.Write(message)] };
        try
        {
            await PostAsync<PublishResponse>($"{_address.TopicPath}:publish", request, cancellationToken);
        }
        catch (GoogleApiException e) when (CreatesTopic && e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            await CreateAsync(cancellationToken);
            await PostAsync<PublishResponse>($"{_address.TopicPath}:publish", request, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override StoreFault? Explain(Exception e) => PubSubFaults.Explain(e, _address);

    private async Task<IDelivery?> PullAsync(TimeSpan lockTime, CancellationToken cancellationToken)
    {
        var answer = await CallAsync("receive", Retry.TotalTime, stop => PostAsync<PullResponse>($"{_address.SubscriptionPath}:pull", new PullRequest(), stop), cancellationToken);
        if (answer.ReceivedMessages is not [var received, ..])
            return null;
        var delivery = new PubSubDelivery(this, received);
        await delivery.ExtendAsync(lockTime, cancellationToken);
        return delivery;
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await CreateAsync(_address.TopicPath, new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken);
        await CreateAsync(_address.SubscriptionPath, new Dictionary<string, string>(StringComparer.Ordinal) { ["topic"] = _address.TopicPath }, cancellationToken);
    }

    private async Task CreateAsync(string resource, object definition, CancellationToken cancellationToken)
    {
        try
        {
            await (await _client.GetAsync(cancellationToken)).CallAsync<Empty>("PUT", resource, definition, cancellationToken);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Conflict)
        {
            // It is there.
        }
    }

    private async Task<TAnswer> PostAsync<TAnswer>(string resource, object body, CancellationToken cancellationToken) =>
        await (await _client.GetAsync(cancellationToken)).CallAsync<TAnswer>("POST", resource, body, cancellationToken);
}
