namespace PrefectPS.Google;

/// <summary>Limits the time of each try of a request, and reads its answer: that is a part of the try. The answer to a <see cref="DownloadRequest"/> is left.</summary>
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
            var answer = await base.SendAsync(request, timer.Token);
            if (request is not DownloadRequest)
            {
                using (timer.Token.Register(answer.Dispose))
                    await answer.Content.LoadIntoBufferAsync();
            }

            return answer;
        }
        catch (Exception e) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {limit.TotalSeconds} seconds", e);
        }
    }
}
