using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>Gives out the public keys of an issuer of tokens, or another answer that a test sets.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _answering;
    private int _requests;

    private KeyServer(string address, Func<HttpListenerResponse, Task> answer)
    {
        (Address, Answer) = (address, answer);
        _listener.Prefixes.Add(address);
        _listener.Start();
        _answering = AnswerAsync();
    }

    public string Address { get; }

    /// <summary>Writes the answer to a request.</summary>
    public Func<HttpListenerResponse, Task> Answer { get; set; }

    /// <summary>How often it has been asked.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public static KeyServer Start(RsaSecurityKey key) => Start(Keys(key));

    public static KeyServer Start(Func<HttpListenerResponse, Task> answer) => new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/", answer);

    /// <summary>The answer with these keys.</summary>
    public static Func<HttpListenerResponse, Task> Keys(params RsaSecurityKey[] keys)
    {
        var set = JsonSerializer.SerializeToUtf8Bytes(new { keys = keys.Select(Entry) });
        return async response => await response.OutputStream.WriteAsync(set);
    }

    /// <summary>A key as an entry of a key set.</summary>
    public static object Entry(RsaSecurityKey key)
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        var (n, e) = (Base64UrlEncoder.Encode(parameters.Modulus), Base64UrlEncoder.Encode(parameters.Exponent));
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = key.KeyId, n, e };
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _requests);
                _ = GiveAsync(context.Response);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task GiveAsync(HttpListenerResponse response)
    {
        try
        {
            await Answer(response);
            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Whoever asked did not wait for the end.
        }
    }
}
