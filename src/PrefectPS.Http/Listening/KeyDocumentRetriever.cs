using System.Net;
using System.Text;
using Microsoft.IdentityModel.Protocols;

namespace PrefectPS.Http.Listening;

/// <summary>Gets a key set by one request of bounded time and size, without following redirects.</summary>
/// <remarks>
/// The library's retriever asks a second time after a 503, trusts the answer's charset, and puts the whole body into its errors.
/// </remarks>
internal sealed class KeyDocumentRetriever(TimeSpan timeout) : IDocumentRetriever
{
    private const int MaxBytes = 256 * 1024;

    private static readonly HttpClient Client = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, // that of a request is each reader's own
    };

    /// <exception cref="HttpRequestException">There was no answer, too large a one, or another one than 200.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        using var answer = await Client.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException($"{address} answered {(int)answer.StatusCode}.");
        using var cut = limit.Token.Register(answer.Dispose); // .NET Framework does not heed a token while it reads a body
        await answer.Content.LoadIntoBufferAsync(MaxBytes);
#pragma warning disable CA2016 // netstandard2.0 has no overload with a token, and the body is in memory
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
#pragma warning restore CA2016
    }
}
