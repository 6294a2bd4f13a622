using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PrefectPS.Integration.Tests.Emulators;

/// <summary>Google Cloud Storage in this process. Requests can be made to fail.</summary>
internal sealed class CloudStorageServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly CloudStorageApi _api = new();
    private readonly ConcurrentQueue<HttpMishap> _mishaps = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private CloudStorageServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, _ => { }));
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Endpoint => new(_server.Urls.Single() + "/");

    /// <summary>The requests so far, as in <c>GET /storage/v1/b/…</c>.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The status of every response; null for the real one.</summary>
    public int? Refuses { get; set; }

    /// <summary>Injects faults into the next requests.</summary>
    public void Expect(params HttpMishap[] mishaps)
    {
        foreach (var mishap in mishaps)
            _mishaps.Enqueue(mishap);
    }

    /// <summary>A new bucket that no other test uses; its address.</summary>
    public string CreateBucket()
    {
        var name = $"b{Guid.NewGuid():n}";
        _api.CreateBucket(name);
        return $"gs://{name}";
    }

    /// <summary>Starts one, on a free port.</summary>
    public static async Task<CloudStorageServer> StartAsync()
    {
        var server = new CloudStorageServer();
        await server._server.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _requests.Enqueue($"{context.Request.Method} {target}");
        var mishap = _mishaps.TryDequeue(out var next) ? next : null;
        var isBroken = mishap is HttpMishap.HalfRequest;
        var body = await ReadAsync(context.Request, isBroken, context.RequestAborted);
        switch (mishap)
        {
            case HttpMishap.Silence:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            case HttpMishap.Broken:
                context.Abort();
                return;
        }

        var answer = mishap is HttpMishap.Answer { Status: var status } ? ServerAnswer.Error(status, "injected")
            : mishap is HttpMishap.Nonsense ? ServerAnswer.Text("<html>")
            : Refuses is { } refusal ? ServerAnswer.Error(refusal, "refused")
            : _api.Answer(context.Request, target, body, isBroken);
        if (isBroken || mishap is HttpMishap.LostAnswer)
            context.Abort();
        else
            await SendAsync(context, answer, isHalf: mishap is HttpMishap.HalfAnswer);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, bool isHalf, CancellationToken cancellationToken)
    {
        if (isHalf)
        {
            var half = new byte[request.ContentLength!.Value / 2];
            await request.Body.ReadExactlyAsync(half, cancellationToken);
            return half;
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        await request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    private static async Task SendAsync(HttpContext context, ServerAnswer answer, bool isHalf)
    {
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        if (answer.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            context.Response.ContentLength = answer.Length;
        await answer.SendAsync(context.Response.Body, isHalf ? answer.Length / 2 : answer.Length, context.RequestAborted);
        if (isHalf)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
