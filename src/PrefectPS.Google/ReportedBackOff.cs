using System.Globalization;
using System.Net;
using Google.Apis.Http;
using Google.Apis.Util;
using PrefectPS.Storage;

namespace PrefectPS.Google;

/// <summary>The client's own way to try again, which says so each time.</summary>
/// <param name="service">What is tried again, as a sentence begins.</param>
/// <param name="retry">How often, and how long between.</param>
internal sealed class ReportedBackOff(string service, StoreRetry retry) : BackOffHandler(new Initializer(new Delays(retry))
{
    MaxTimeSpan = retry.MaxDelay,
    HandleUnsuccessfulResponseFunc = answer => IsTransient(answer.StatusCode),
    HandleExceptionFunc = e => e is HttpRequestException or IOException or TimeoutException,
})
{
    /// <summary>Whether the same request may succeed later.</summary>
    public static bool IsTransient(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or (HttpStatusCode)429 or >= HttpStatusCode.InternalServerError;

    /// <summary>Gives a client this way to try again.</summary>
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

    // Twice as long each time, and by chance up to half as long again, so that those who were refused together do not come again together.
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
