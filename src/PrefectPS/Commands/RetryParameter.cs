using PrefectPS.Flows;

namespace PrefectPS.Commands;

/// <summary>The retries that <c>Add-FlowTask -MaxRetries -RetryDelay -RetryBackoff -RetryJitter -RetryOn</c> ask for.</summary>
internal static class RetryParameter
{
    /// <summary>The policy; null if the task is not retried.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>.</exception>
    public static RetryPolicy? Resolve(string task, int maxRetries, TimeSpan[] delays, RetryBackoff backoff, double jitter, object[]? retryOn)
    {
        var isSpread = backoff == RetryBackoff.Exponential || jitter > 0;
        if (maxRetries == 0)
        {
            return delays.Length == 0 && retryOn is null && !isSpread
                ? null
                : throw FlowErrors.TaskInvalid(task, "-RetryDelay, -RetryBackoff, -RetryJitter and -RetryOn need -MaxRetries, which says how often");
        }

        if (isSpread && delays.Length == 0)
            throw FlowErrors.TaskInvalid(task, "-RetryBackoff Exponential and -RetryJitter need -RetryDelay, the delay that they make longer");
        return new()
        {
            MaxRetries = maxRetries,
            Delays = delays,
            Exponential = backoff == RetryBackoff.Exponential,
            Jitter = jitter,
            Filter = RetryFilter.Of(task, retryOn),
            On = [.. (retryOn ?? []).Select(item => $"{item}")],
        };
    }
}
