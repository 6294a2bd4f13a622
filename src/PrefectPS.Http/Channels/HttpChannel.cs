using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Polly;
using Polly.Retry;
using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS.Http.Channels;

/// <summary>A send-only channel that posts documents to an HTTP endpoint: a function, webhook or listener.</summary>
/// <remarks>
/// A message is delivered when the endpoint responds 2xx. There is no scheduled delivery: the endpoint gets the due time in a header.
/// </remarks>
public sealed class HttpChannel : RemoteChannel
{
    private const int MaxBytes = 10 * 1024 * 1024;

    // Shared by the process for its connection pool.
    private static readonly HttpClient Client = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each attempt has its own timeout
    };

    private readonly Uri _address;
    private readonly RequestSignature? _signature;
    private readonly ResiliencePipeline<HttpResponseMessage> _tries;

    private HttpChannel(Uri address, ChannelOptions options, UriPartial shown = UriPartial.Path)
        : base(address.GetLeftPart(shown), MaxBytes, options.Retry)
    {
        _address = address;
        _signature = options.SigningKey is { } key ? new(key) : null;
        _tries = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = Math.Max(1, options.Retry.Tries - 1),
                Delay = options.Retry.FirstDelay,
                MaxDelay = options.Retry.MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException || args.Outcome.Result is { } answer && IsTransient(answer.StatusCode)),
                DelayGenerator = args => new(DelayOf(args.Outcome.Result?.Headers.RetryAfter, options.Retry.MaxDelay)),
                OnRetry = args =>
                {
                    args.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .Build();
    }

    /// <inheritdoc/>
    public override IFlowChannel? DeadLetters => null;

    /// <summary>Creates a channel; sends no request.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static HttpChannel Open(ChannelOptions options) =>
        Uri.TryCreate(options.Address, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
            ? new(address, options)
            : throw ProviderErrors.ChannelInvalid(options.Address, "it is not the address of an HTTP endpoint");

    /// <summary>Creates a channel to a webhook, whose path is secret and never shown.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.FlowInvalid"/>: the address is malformed.</exception>
    public static HttpChannel ToWebhook(string address, StoreRetry retry) =>
        Uri.TryCreate(address, UriKind.Absolute, out var webhook) && webhook.UserInfo.Length == 0 && webhook.Scheme is "http" or "https"
            ? new(webhook, new() { Address = address, Retry = retry }, UriPartial.Authority)
            : throw FlowErrors.WebhookInvalid();

    /// <inheritdoc/>
    public override ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        throw ProviderErrors.ChannelInvalid(Name, "it only sends; an endpoint receives by Start-FlowListener");

    /// <inheritdoc/>
    protected override async Task PutAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        using var answer = await _tries.ExecuteAsync(async stop => await PostAsync(message, stop), cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new RefusedException(answer.StatusCode);
    }

    /// <inheritdoc/>
    protected override StoreFault? Explain(Exception e) => e is RefusedException refused
        ? new($"it answered {((int)refused.Status).ToString(CultureInfo.InvariantCulture)}", IsTransient(refused.Status))
        : null;

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or (HttpStatusCode)429 or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // The endpoint's Retry-After, capped; null for the usual backoff.
    private static TimeSpan? DelayOf(RetryConditionHeaderValue? wish, TimeSpan longest)
    {
        var delay = wish?.Delta ?? wish?.Date - DateTimeOffset.UtcNow;
        return delay is { } time ? TimeSpan.FromTicks(Math.Max(0, Math.Min(time.Ticks, longest.Ticks))) : null;
    }

    private async Task<HttpResponseMessage> PostAsync(ChannelMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Retry.TryTime);
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(message.Document) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in MessageHeaders.Write(message))
            request.Headers.TryAddWithoutValidation(name, value);
        if (_signature is not null)
        {
            var time = RequestSignature.Format(DateTimeOffset.UtcNow);
            request.Headers.Add(MessageHeaders.Timestamp, time);
            request.Headers.Add(MessageHeaders.Signature, _signature.Of(time, message.Document));
        }

        try
        {
            return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"no answer within {Retry.TryTime.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds", e);
        }
    }

    private sealed class RefusedException(HttpStatusCode status) : Exception
    {
        public HttpStatusCode Status => status;
    }
}
