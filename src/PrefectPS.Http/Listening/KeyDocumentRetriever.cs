using System.Net;
using System.Text;
using Microsoft.IdentityModel.Protocols;

namespace PrefectPS.Http.Listening;

/// <summary>Retrieves a key set in one request of bounded time and size, without redirects.</summary>
/// <remarks>
/// The library's retriever retries a 503, trusts the response's charset, and quotes the whole body in errors.
/// </remarks>
internal sealed class KeyDocumentRetriever(TimeSpan timeout) : IDocumentRetriever
{
    private const int MaxBytes = 256 * 1024;

    private static readonly HttpClient Client = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request has its own timeout
    };

    /// <exception cref="HttpRequestException">There was no response, or it was too large or not 200.</exception>
    /// <exception cref="OperationCanceledException">The request timed out.</exception>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        using var answer = await Client.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException($"{address} answered {(int)answer.StatusCode}.");
        using var cut = limit.Token.Register(answer.Dispose); // .NET Framework ignores tokens while reading a body
        await answer.Content.LoadIntoBufferAsync(MaxBytes);
#pragma warning disable CA2016 // netstandard2.0 has no overload with a token, and the body is in memory
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
#pragma warning restore CA2016
    }
}
