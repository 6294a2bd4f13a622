using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace PrefectPS.Http.Serving;

/// <summary>An HTTP server: Kestrel without the rest of ASP.NET Core, which PowerShell does not ship. Limits what a sender may use.</summary>
internal sealed class HttpServer : IDisposable
{
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    private readonly OpenConnections _connections;
    private readonly KestrelServer _server;

    private HttpServer(ServerOptions options, ListenerAddress address)
    {
        _connections = new(DescriptorLimit.Bound(options.MaxConnections), options.HeaderTime, TimeProvider.System);
        _server = new(
            Options.Create(OptionsOf(options, address)),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), new NullApplicationLifetime(), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    /// <summary>Starts listening.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="address">The address.</param>
    /// <param name="handle">Handles a request.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: the address cannot be listened on.</exception>
    public static HttpServer Start(ServerOptions options, ListenerAddress address, Func<HttpRequest, Task<HttpResponse>> handle)
    {
        var server = new HttpServer(options, address);
        try
        {
            server._server.StartAsync(new RequestApplication(handle, options.RetryAfter), CancellationToken.None).GetAwaiter().GetResult();
            return server;
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            server.Dispose();
            throw FlowErrors.ListenerFailed(address.Prefix, e.Message, e);
        }
    }

    /// <summary>Stops accepting requests, lets running ones finish, and closes all connections.</summary>
    public void Dispose()
    {
        using var limit = new CancellationTokenSource(EndTime);
        _server.StopAsync(limit.Token).GetAwaiter().GetResult();
        _server.Dispose();
        _connections.Dispose();
    }

    private KestrelServerOptions OptionsOf(ServerOptions options, ListenerAddress address)
    {
        var kestrel = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowSynchronousIO = false,
            Limits =
            {
                MaxRequestBodySize = options.MaxBodyBytes,
                MaxRequestHeadersTotalSize = options.MaxHeaderBytes,
                RequestHeadersTimeout = options.HeaderTime,
                MinRequestBodyDataRate = new(options.MinBodyRate, RateGrace),
            },
        };
        if (address.IsAll)
            kestrel.ListenAnyIP(address.Port, Configure);
        else if (address.IsLocalhost)
            kestrel.ListenLocalhost(address.Port, Configure);
        else
            Array.ForEach(address.Resolve(), each => kestrel.Listen(each, address.Port, Configure));
        return kestrel;
    }

    private void Configure(ListenOptions endpoint) => endpoint.Use(next => context => _connections.ServeAsync(context, next));

    // The listener ends independently of any host.
    private sealed class NullApplicationLifetime : IApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
            // There is no application to stop.
        }
    }
}
