using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>Gives out the public key of an issuer of tokens.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _answering;

    private KeyServer(string address, byte[] keys)
    {
        Address = address;
        _listener.Prefixes.Add(address);
        _listener.Start();
        _answering = AnswerAsync(keys);
    }

    public string Address { get; }

    public static KeyServer Start(RsaSecurityKey key)
    {
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        var set = new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = key.KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) } } };
        return new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/", JsonSerializer.SerializeToUtf8Bytes(set));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _answering;
    }

    private async Task AnswerAsync(byte[] keys)
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                await context.Response.OutputStream.WriteAsync(keys);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It is over.
        }
    }
}
