using System.Globalization;
using System.Net;
using Google.Apis.Http;
using Google.Apis.Util;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>Google's retry handler, reporting each retry.</summary>
/// <param name="service">The service, as the start of a sentence.</param>
/// <param name="retry">The retry settings.</param>
internal sealed class ReportedBackOff(string service, StoreRetry retry) : BackOffHandler(new Initializer(new Delays(retry))
{
    MaxTimeSpan = retry.MaxDelay,
    HandleUnsuccessfulResponseFunc = answer => IsTransient(answer.StatusCode),
    HandleExceptionFunc = e => e is HttpRequestException or IOException or TimeoutException,
})
{
    /// <summary>True if a status is transient.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or (HttpStatusCode)429 or >= HttpStatusCode.InternalServerError;

    /// <summary>Adds the handler to a client.</summary>
    public void Handle(ConfigurableMessageHandler client)
    {
        client.NumTries = retry.Tries;
        client.AddUnsuccessfulResponseHandler(this);
        client.AddExceptionHandler(this);
    }

    public override async Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        if (args.SupportsRetry && IsTransient(args.Response.StatusCode))
            StoreNotices.Retrying(service, args.CurrentFailedTry + 1, retry.Tries, $"it answered {((int)args.Response.StatusCode).ToString(CultureInfo.InvariantCulture)}");
        return await base.HandleResponseAsync(args);
    }

    public override async Task<bool> HandleExceptionAsync(HandleExceptionArgs args)
    {
        if (args.SupportsRetry && HandleExceptionFunc(args.Exception) && StoreFault.OfNetwork(args.Exception) is { } fault)
            StoreNotices.Retrying(service, args.CurrentFailedTry + 1, retry.Tries, fault.Reason);
        return await base.HandleExceptionAsync(args);
    }

    // Exponential backoff with jitter up to half the delay, so that clients rejected together do not retry together.
    private sealed class Delays(StoreRetry retry) : IBackOff
    {
        private static readonly Random Chance = new();

        public int MaxNumOfRetries => retry.Tries - 1;

        public TimeSpan GetNextBackOff(int currentRetry)
        {
            double spread;
            lock (Chance)
                spread = 1 + (Chance.NextDouble() / 2);
            var delay = retry.FirstDelay.TotalMilliseconds * Math.Pow(2, currentRetry - 1) * spread;
            return TimeSpan.FromMilliseconds(Math.Min(delay, retry.MaxDelay.TotalMilliseconds));
        }
    }
}
