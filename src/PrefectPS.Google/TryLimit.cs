namespace PrefectPS.Google;

/// <summary>
/// Limits the time of each try of a request, its answer included, which is read here. Only the content of an object, which may be large, is left to the caller.
/// </summary>
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
            if (!(answer.IsSuccessStatusCode && IsDownload(request)))
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

    // The query tells the content of an object from its metadata.
    private static bool IsDownload(HttpRequestMessage request) => request.RequestUri?.Query.Contains("alt=media") == true;
}
