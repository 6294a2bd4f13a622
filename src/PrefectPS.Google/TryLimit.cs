namespace PrefectPS.Google;

/// <summary>Limits the time of each try of a request, until its answer begins.</summary>
/// <param name="inner">What sends it.</param>
/// <param name="limit">The time.</param>
internal sealed class TryLimit(HttpMessageHandler inner, TimeSpan limit) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(limit);
        try
        {
            return await base.SendAsync(request, timer.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {limit.TotalSeconds} seconds", e);
        }
    }
}
