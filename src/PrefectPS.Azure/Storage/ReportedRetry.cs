using Azure.Core;
using Azure.Core.Pipeline;
using PrefectPS.Storage;

namespace PrefectPS.Azure.Storage;

/// <summary>Azure's retry policy, reporting each retry.</summary>
/// <param name="store">The store's name.</param>
/// <param name="retry">The retry settings.</param>
internal sealed class ReportedRetry(string store, StoreRetry retry)
    : RetryPolicy(retry.Tries - 1, DelayStrategy.CreateExponentialDelayStrategy(retry.FirstDelay, retry.MaxDelay))
{
    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        Report(message, exception, base.ShouldRetry(message, exception));

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        Report(message, exception, await base.ShouldRetryAsync(message, exception));

    private bool Report(HttpMessage message, Exception? exception, bool isRetried)
    {
        if (isRetried)
            StoreNotices.Retrying($"The store '{store}'", message.ProcessingContext.RetryNumber + 2, retry.Tries, ReasonOf(message, exception));
        return isRetried;
    }

    private static string ReasonOf(HttpMessage message, Exception? exception) =>
        exception is not null ? StoreFault.OfNetwork(exception.GetBaseException())?.Reason ?? exception.GetType().Name
        : message.HasResponse ? $"it answered {message.Response.Status}"
        : "it did not answer";
}
