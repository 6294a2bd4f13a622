using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PrefectPS.Storage;

namespace PrefectPS.Http.Serving;

/// <summary>A request to the server, whose headers have come, and its answer.</summary>
internal sealed class HttpRequest(IFeatureCollection features)
{
    private const int BufferSize = 64 * 1024;

    private readonly IHttpRequestFeature _request = features.Get<IHttpRequestFeature>();
    private readonly IHttpResponseFeature _response = features.Get<IHttpResponseFeature>();
    private bool _isRead;

    public string Method => _request.Method;

    public string Path => _request.Path;

    /// <summary>Path and query as they were sent.</summary>
    public string Target => _request.RawTarget;

    /// <summary>The length of the body; null where it is not said.</summary>
    public long? ContentLength => _request.Headers.ContentLength;

    private bool HasBody => ContentLength > 0 || Header("Transfer-Encoding") is not null;

    /// <summary>The connection by which it came.</summary>
    public OpenConnections.Connection Connection { get; } = features.Get<OpenConnections.Connection>();

    /// <summary>A header's value; null where there is none.</summary>
    public string? Header(string name) => _request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Reads the body.</summary>
    /// <returns>The body; null with the answer where it cannot be had.</returns>
    /// <exception cref="BadHttpRequestException">It is malformed, too large or too slow; the server has the answer to that.</exception>
    public async Task<(byte[]? Body, HttpStatusCode Fault)> ReadAsync(int maxBytes, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[BufferSize];
        try
        {
            int count;
            while ((count = await _request.Body.ReadSomeAsync(buffer, 0, cancellationToken)) > 0)
            {
                if (body.Length + count > maxBytes)
                    return (null, HttpStatusCode.RequestEntityTooLarge);
                body.Write(buffer, 0, count);
            }

            _isRead = true;
            return (body.ToArray(), default);
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException or OperationCanceledException)
        {
            return (null, HttpStatusCode.RequestTimeout);
        }
    }

    /// <summary>Answers.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="retryAfter">When one who is told to come again is to do so, where the answer does not say.</param>
    public async Task AnswerAsync(HttpAnswer answer, TimeSpan retryAfter)
    {
        _response.StatusCode = (int)answer.Status;
        if (answer.Status != HttpStatusCode.NoContent)
            _response.Headers.ContentLength = answer.Content?.Bytes.Length ?? 0;
        if (answer.Content is { } content)
            Describe(content);
        if (answer.Status == HttpStatusCode.ServiceUnavailable)
            _response.Headers["Retry-After"] = Math.Ceiling((answer.RetryAfter ?? retryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (answer.Status == HttpStatusCode.Unauthorized)
            _response.Headers["WWW-Authenticate"] = "Bearer";
        var isCut = !_isRead && HasBody;
        if (isCut)
            _response.Headers["Connection"] = "close"; // what comes of the body cannot be told from the next request
        if (answer.Content is { } shown && Method != "HEAD")
            await new MemoryStream(shown.Bytes).CopyToAsync(_response.Body);
        await _response.Body.FlushAsync(); // else the server first waits for the rest of the body
        if (isCut)
            Connection.CloseSoon();
    }

    private void Describe(AnswerContent content)
    {
        _response.Headers["Content-Type"] = content.Type;
        foreach (var header in content.Headers)
            _response.Headers[header.Key] = header.Value;
    }
}
