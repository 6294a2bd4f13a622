using System.Globalization;
using System.Net;
using Google;
using PrefectPS.Channels;
using PrefectPS.Storage;
using static PrefectPS.Google.Channels.PubSubMessages;

namespace PrefectPS.Google.Channels;

/// <summary>A Google Pub/Sub topic and subscription. The ordering key of a message is its run.</summary>
/// <remarks>
/// Pub/Sub has no scheduled delivery: the receiver defers a message that is not due. It counts deliveries only for a subscription with a
/// dead-letter policy; deferrals are subtracted.
/// </remarks>
public sealed class PubSubChannel : RemoteChannel
{
    /// <summary>The longest ack deadline.</summary>
    internal static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(10);

    // A request may have 10 MB, and its data is Base64.
    private const int MaxBytes = 7_000_000;

    private const string DeadSuffix = "-dead";

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly PubSubAddress _address;
    private readonly ChannelOptions _options;
    private readonly LazyClient<PubSubClient> _client;

    private PubSubChannel(PubSubAddress address, ChannelOptions options)
        : base(address.ToString(), MaxBytes, options.Retry)
    {
        (_address, _options) = (address, options);
        _client = new(stop => PubSubClient.ConnectAsync(address, options, stop));
    }

    /// <summary>The topic named like this one with <c>-dead</c>; it and its subscription are created with the first dead letter.</summary>
    public override IFlowChannel DeadLetters =>
        new PubSubChannel(new(_address.Project, _address.Topic + DeadSuffix, _address.Topic + DeadSuffix), _options) { CreatesTopic = true };

    private bool CreatesTopic { get; init; }

    /// <summary>Creates a channel; sends no request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static PubSubChannel Open(ChannelOptions options) => new(PubSubAddress.Parse(options.Address), options);

    // Polled: an abandoned long poll may lease a message that nobody sees.
    /// <inheritdoc/>
    public override ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        Polling.AskAsync(async stop => await PullAsync(lockTime, stop), wait, LongestPause, cancellationToken);

    /// <summary>Acknowledges a delivery.</summary>
    internal Task AcknowledgeAsync(string ackId, CancellationToken cancellationToken) =>
        CallAsync("complete a message", Retry.TotalTime, stop =>
            PostAsync<Empty>($"{_address.SubscriptionPath}:acknowledge", new AcknowledgeRequest { AckIds = [ackId] }, stop), cancellationToken);

    /// <summary>Sets a delivery's ack deadline, from now; zero releases the message.</summary>
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
            await PostAsync<Empty>($"{_address.TopicPath}:publish", request, cancellationToken);
        }
        catch (GoogleApiException e) when (CreatesTopic && e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            await CreateAsync(cancellationToken);
            await PostAsync<Empty>($"{_address.TopicPath}:publish", request, cancellationToken);
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
            // It exists already.
        }
    }

    private async Task<TAnswer> PostAsync<TAnswer>(string resource, object body, CancellationToken cancellationToken) =>
        await (await _client.GetAsync(cancellationToken)).CallAsync<TAnswer>("POST", resource, body, cancellationToken);
}
