using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PrefectPS.Http.Serving;

/// <summary>What the server calls for each request. Whatever goes wrong with one, its sender is told no more than a number.</summary>
/// <param name="handle">Answers a request.</param>
/// <param name="retryAfter">When one who is told to come again is to do so.</param>
internal sealed class RequestApplication(Func<HttpRequest, Task<HttpAnswer>> handle, TimeSpan retryAfter) : IHttpApplication<HttpRequest>
{
    public HttpRequest CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public async Task ProcessRequestAsync(HttpRequest context)
    {
        using (context.Connection.Work())
        {
            HttpAnswer answer;
            try
            {
                answer = await handle(context);
            }
            catch (Exception e) when (e is not BadHttpRequestException)
            {
                answer = HttpStatusCode.InternalServerError;
            }

            await context.AnswerAsync(answer, retryAfter);
        }
    }

    public void DisposeContext(HttpRequest context, Exception exception)
    {
        // It holds nothing.
    }
}
