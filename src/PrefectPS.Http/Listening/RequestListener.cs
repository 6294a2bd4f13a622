using System.Collections.Concurrent;
using System.Net;
using PrefectPS.Channels;
using PrefectPS.Storage;

namespace PrefectPS.Http.Listening;

/// <summary>A channel whose messages are HTTP requests. A request is answered when its message is settled; while there is one, others are told to come again.</summary>
internal sealed class RequestListener : IFlowChannel, IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly ListenerOptions _options;
    private readonly RequestAnswers _answers;
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly ConcurrentQueue<HttpDelivery> _waiting = new();
    private Task _accepting = Task.CompletedTask;
    private int _reading;
    private int _isBusy;

    private RequestListener(ListenerOptions options)
    {
        _options = options;
        _answers = new(options.RetryAfter);
        _listener.Prefixes.Add(options.Prefix.TrimEnd('/') + "/");
        _listener.IgnoreWriteExceptions = true;
    }

    public string Name => _options.Prefix;

    public int MaxDocumentBytes => _options.MaxBodyBytes;

    public IFlowChannel? DeadLetters => null;

    /// <summary>Starts to listen.</summary>
    /// <exception cref="FlowException"><see cref="FlowErrorId.ChannelFailed"/>: it cannot listen there.</exception>
    public static RequestListener Start(ListenerOptions options)
    {
        RequestListener? listener = null;
        try
        {
            listener = new(options);
            listener._listener.Start();
            listener._accepting = listener.AcceptAsync();
            return listener;
        }
        catch (Exception e) when (e is HttpListenerException or ArgumentException or System.Net.Sockets.SocketException)
        {
            listener?.Dispose();
            throw FlowErrors.ListenerFailed(options.Prefix, e);
        }
    }

    public ValueTask SendAsync(ChannelMessage message, CancellationToken cancellationToken) =>
        throw FlowErrors.ChannelInvalid(Name, "it only receives");

    public async ValueTask<IDelivery?> ReceiveAsync(TimeSpan lockTime, TimeSpan wait, CancellationToken cancellationToken) =>
        await _arrived.WaitAsync(wait, cancellationToken) && _waiting.TryDequeue(out var delivery) ? delivery : null;

    /// <summary>Stops to listen; who waits for an answer still is told to come again.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        while (_waiting.TryDequeue(out var delivery))
            delivery.AbandonAsync(_options.RetryAfter, CancellationToken.None).Wait();
        if (_listener.IsListening)
            _listener.Stop();
        try
        {
            _accepting.GetAwaiter().GetResult();
        }
        finally
        {
            _listener.Close();
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (_stop.IsCancellationRequested || !_listener.IsListening)
                    return;
                continue;
            }

            _ = Task.Run(() => HandleAsync(context));
        }
    }

    // Whatever goes wrong with one request, its sender is told no more than a number.
    private async Task HandleAsync(HttpListenerContext context)
    {
        var reading = Interlocked.Increment(ref _reading);
        try
        {
            var status = reading > _options.MaxRequests ? HttpStatusCode.ServiceUnavailable : await TakeAsync(context);
            if (status is { } known)
                _answers.Give(context, known);
        }
        catch (Exception)
        {
            _answers.Give(context, HttpStatusCode.InternalServerError);
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }
    }

    // The answer; null where it is given later, by the one who takes the message.
    private async Task<HttpStatusCode?> TakeAsync(HttpListenerContext context)
    {
        var request = context.Request;
        if (request.Url?.AbsolutePath == _options.HealthPath && request.HttpMethod is "GET" or "HEAD")
            return HttpStatusCode.OK;
        if (request.HttpMethod != "POST")
            return HttpStatusCode.MethodNotAllowed;
        if (request.Headers.AllKeys.Sum(name => name?.Length + request.Headers[name]?.Length) > _options.MaxHeaderLength)
            return (HttpStatusCode)431;
        string? Header(string name) => request.Headers[name];
        if (_options.Check is { } check && !await check.MayReadAsync(Header, _stop.Token))
            return HttpStatusCode.Unauthorized;
        if (request.ContentLength64 > _options.MaxBodyBytes)
            return HttpStatusCode.RequestEntityTooLarge;
        if (Volatile.Read(ref _isBusy) == 1)
            return HttpStatusCode.ServiceUnavailable;
        var (body, fault) = await ReadAsync(context);
        if (body is null)
            return fault;
        if (_options.Check?.MayAnswer(Header, body) == false)
            return HttpStatusCode.Unauthorized;
        if (PushEnvelope.Read(body, Header) is not { } found)
            return HttpStatusCode.BadRequest;
        if (Interlocked.CompareExchange(ref _isBusy, 1, 0) == 1 || _stop.IsCancellationRequested)
            return HttpStatusCode.ServiceUnavailable;
        _waiting.Enqueue(new(context, found.Message, found.Id ?? Guid.NewGuid().ToString("n"), found.Count, AnswerAndFree));
        _arrived.Release();
        return null;
    }

    private async Task<(byte[]? Body, HttpStatusCode Fault)> ReadAsync(HttpListenerContext context)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(_options.ReadTime);
        // The stream of a request does not heed the token: what ends the reading is the end of the connection.
        using var cut = limit.Token.Register(() => RequestAnswers.CutOff(
            context, _stop.IsCancellationRequested ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.RequestTimeout));
        using var body = new MemoryStream();
        var buffer = new byte[BufferSize];
        try
        {
            int count;
            while ((count = await context.Request.InputStream.ReadSomeAsync(buffer, 0, limit.Token)) > 0)
            {
                if (body.Length + count > _options.MaxBodyBytes)
                    return (null, HttpStatusCode.RequestEntityTooLarge);
                body.Write(buffer, 0, count);
            }

            return (body.ToArray(), default);
        }
        catch (Exception e) when (e is HttpListenerException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return (null, HttpStatusCode.RequestTimeout);
        }
    }

    private void AnswerAndFree(HttpListenerContext context, HttpStatusCode status)
    {
        Volatile.Write(ref _isBusy, 0);
        _answers.Give(context, status);
    }
}
