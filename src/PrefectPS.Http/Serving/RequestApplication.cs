using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PrefectPS.Http.Serving;

/// <summary>Kestrel's application. A failed request gets a status only, no details.</summary>
/// <param name="handle">Handles a request.</param>
/// <param name="retryAfter">The default Retry-After time.</param>
internal sealed class RequestApplication(Func<HttpRequest, Task<HttpResponse>> handle, TimeSpan retryAfter) : IHttpApplication<HttpRequest>
{
    public HttpRequest CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public async Task ProcessRequestAsync(HttpRequest context)
    {
        using (context.Connection.Work())
        {
            HttpResponse response;
            try
            {
                response = await handle(context);
            }
            catch (Exception e) when (e is not BadHttpRequestException)
            {
                response = HttpStatusCode.InternalServerError;
            }

            await context.RespondAsync(response, retryAfter);
        }
    }

    public void DisposeContext(HttpRequest context, Exception exception)
    {
        // Nothing to dispose of.
    }
}
