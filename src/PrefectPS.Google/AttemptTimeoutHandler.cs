namespace PrefectPS.Google;

/// <summary>Limits the time of each attempt, including its response, which is buffered here. Only an object's content, which may be large, is left to the caller.</summary>
/// <param name="inner">The inner handler.</param>
/// <param name="limit">The timeout.</param>
internal sealed class AttemptTimeoutHandler(HttpMessageHandler inner, TimeSpan limit) : DelegatingHandler(inner)
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

    // The query distinguishes an object's content from its metadata.
    private static bool IsDownload(HttpRequestMessage request) => request.RequestUri?.Query.Contains("alt=media") == true;
}
