using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PrefectPS.Storage;

namespace PrefectPS.Http.Serving;

/// <summary>A request whose headers have arrived, and its response.</summary>
internal sealed class HttpRequest(IFeatureCollection features)
{
    private const int BufferSize = 64 * 1024;

    private readonly IHttpRequestFeature _request = features.Get<IHttpRequestFeature>();
    private readonly IHttpResponseFeature _response = features.Get<IHttpResponseFeature>();
    private bool _isRead;

    public string Method => _request.Method;

    public string Path => _request.Path;

    /// <summary>The raw path and query.</summary>
    public string Target => _request.RawTarget;

    /// <summary>The length of the body; null where unspecified.</summary>
    public long? ContentLength => _request.Headers.ContentLength;

    private bool HasBody => ContentLength > 0 || Header("Transfer-Encoding") is not null;

    /// <summary>The connection.</summary>
    public OpenConnections.Connection Connection { get; } = features.Get<OpenConnections.Connection>();

    /// <summary>Gets a header's value; null for none.</summary>
    public string? Header(string name) => _request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>Reads the body.</summary>
    /// <returns>The body, or null with the error status.</returns>
    /// <exception cref="BadHttpRequestException">The request is malformed, too large or too slow; the server responds to that.</exception>
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

    /// <summary>Sends the response.</summary>
    /// <param name="response">The response.</param>
    /// <param name="retryAfter">The default Retry-After time.</param>
    public async Task RespondAsync(HttpResponse response, TimeSpan retryAfter)
    {
        _response.StatusCode = (int)response.Status;
        if (response.Status != HttpStatusCode.NoContent)
            _response.Headers.ContentLength = response.Content?.Bytes.Length ?? 0;
        if (response.Content is { } content)
            Describe(content);
        if (response.Status == HttpStatusCode.ServiceUnavailable)
            _response.Headers["Retry-After"] = Math.Ceiling((response.RetryAfter ?? retryAfter).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (response.Status == HttpStatusCode.Unauthorized)
            _response.Headers["WWW-Authenticate"] = "Bearer";
        var isCut = !_isRead && HasBody;
        if (isCut)
            _response.Headers["Connection"] = "close"; // the unread body cannot be told from the next request
        if (response.Content is { } shown && Method != "HEAD")
            await new MemoryStream(shown.Bytes).CopyToAsync(_response.Body);
        await _response.Body.FlushAsync(); // otherwise the server first drains the body
        if (isCut)
            Connection.CloseSoon();
    }

    private void Describe(ResponseContent content)
    {
        _response.Headers["Content-Type"] = content.Type;
        foreach (var header in content.Headers)
            _response.Headers[header.Key] = header.Value;
    }
}
