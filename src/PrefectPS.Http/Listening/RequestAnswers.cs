using System.Globalization;
using System.Net;

namespace PrefectPS.Http.Listening;

/// <summary>Answers requests by a number and nothing else. That whoever asked is gone is no error.</summary>
/// <param name="retryAfter">When one who is told to come again is to do so.</param>
internal sealed class RequestAnswers(TimeSpan retryAfter)
{
    /// <summary>Answers a request.</summary>
    public void Give(HttpListenerContext context, HttpStatusCode status) => Try(() =>
    {
        var response = context.Response;
        response.StatusCode = (int)status;
        if (status is HttpStatusCode.ServiceUnavailable && response.Headers["Retry-After"] is null)
            response.AddHeader("Retry-After", Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        if (status is HttpStatusCode.Unauthorized)
            response.AddHeader("WWW-Authenticate", "Bearer");
        // What was not read of a body cannot be told from the next request.
        response.KeepAlive = status is HttpStatusCode.OK or HttpStatusCode.NoContent || !context.Request.HasEntityBody;
        response.ContentLength64 = 0;
        response.Close();
    });

    /// <summary>Ends the connection of a request that is still being read. With its answer: without one the listener would say 200.</summary>
    public static void CutOff(HttpListenerContext context, HttpStatusCode status) => Try(() =>
    {
        context.Response.StatusCode = (int)status;
        context.Response.KeepAlive = false;
        context.Response.ContentLength64 = 0;
        context.Response.Abort();
    });

    private static void Try(Action answer)
    {
        try
        {
            answer();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // It has an answer, or whoever asked is gone.
        }
    }
}
