using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PrefectPS.Http.Listening;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>What a listener that believes tokens asks of each request, and its caller.</summary>
internal sealed class TokenListener
{
    private const string Audience = "https://listener";
    private const string Issuer = "https://issuer";

    private readonly TokenAuthenticator _check;

    public TokenListener(string keysUrl)
    {
        var options = new TokenOptions
        {
            Audience = Audience,
            Issuers = [Issuer],
            KeysUrl = new(keysUrl),
            KeysTimeout = TimeSpan.FromSeconds(2),
            KeysPause = Pause,
            KeysMissing = Warnings.Enqueue,
        };
        _check = new(options, Clock);
    }

    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>What was said of keys that cannot be had.</summary>
    public ConcurrentQueue<string> Warnings { get; } = new();

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
        var mayRead = await _check.AuthenticateHeadersAsync(name => name == "Authorization" ? $"Bearer {token}" : null, TestContext.Current.CancellationToken);
        return mayRead ? 204 : 401;
    }
}
