namespace PrefectPS.Storage;

/// <summary>A call of a service behind a network: it ends in time, and whatever goes wrong with it is one error.</summary>
internal static class RemoteCall
{
    /// <summary>Makes a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="explain">What an exception of the service's client means; null where it means nothing.</param>
    /// <param name="fail">The error of a fault.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task<T> MakeAsync<T>(
        Func<CancellationToken, Task<T>> call, TimeSpan limit, Func<Exception, StoreFault?> explain, Func<StoreFault, FlowException> fail, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            return await call(deadline.Token);
        }
        catch (Exception e) when (e is not FlowException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.IsCancellationRequested)
                throw fail(StoreFault.NoAnswer(limit));
            if ((explain(e) ?? StoreFault.OfNetwork(e)) is { } fault)
                throw fail(fault);
            throw;
        }
    }
}
