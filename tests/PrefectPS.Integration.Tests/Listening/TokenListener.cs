using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PrefectPS.Http.Listening;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>A listener that believes tokens, in this process, and its caller. Each message that it takes is completed at once.</summary>
internal sealed class TokenListener : IAsyncDisposable
{
    private const string Audience = "https://listener";
    private const string Issuer = "https://issuer";

    private readonly RequestListener _listener;
    private readonly HttpClient _client = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _completing;

    public TokenListener(string keysUrl)
    {
        var options = new TokenOptions
        {
            Audience = Audience,
            Issuers = [Issuer],
            KeysUrl = new(keysUrl),
            KeysTimeout = TimeSpan.FromSeconds(0.5),
            KeysPause = Pause,
            KeysMissing = Warnings.Enqueue,
        };
        Address = new($"http://127.0.0.1:{FreePorts.Find(1)[0]}/");
        _listener = RequestListener.Start(new() { Prefix = Address.AbsoluteUri, Check = new TokenCheck(options, Clock) });
        _completing = CompleteAsync();
    }

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>What was said of keys that cannot be had.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

    private Uri Address { get; }

    public static RsaSecurityKey NewKey(string id) => new(RSA.Create(2048)) { KeyId = id };

    /// <summary>Posts with a token that is right, except perhaps for its key: once for each key, one after the other.</summary>
    /// <returns>The numbers of the answers.</returns>
    public async Task<string> PostAsync(params RsaSecurityKey[] keys)
    {
        var answers = new List<int>();
        foreach (var key in keys)
            answers.Add(await PostOnceAsync(key));
        return string.Join(' ', answers);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _completing;
        _listener.Dispose();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task<int> PostOnceAsync(RsaSecurityKey key)
    {
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = Clock.GetUtcNow().UtcDateTime,
            NotBefore = Clock.GetUtcNow().UtcDateTime,
            Expires = Clock.GetUtcNow().AddMinutes(5).UtcDateTime,
            SigningCredentials = new(key, SecurityAlgorithms.RsaSha256),
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Headers = { { "Authorization", $"Bearer {token}" } } };
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private async Task CompleteAsync()
    {
        try
        {
            while (true)
            {
                if (await _listener.ReceiveAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), _end.Token) is { } delivery)
                    await delivery.CompleteAsync(_end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }
}
