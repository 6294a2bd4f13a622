using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>Answers of a key server with which no key is to be replaced, by what is wrong with them.</summary>
internal static class FaultyKeys
{
    public static readonly Dictionary<string, Func<HttpListenerResponse, Task>> Answers = new()
    {
        ["HTML with an unknown charset"] = Text("<html>Sorry</html>", contentType: "text/html; charset=utf-99"),
        ["an empty body"] = Text(string.Empty),
        ["keys: []"] = Text("""{"keys": []}"""),
        ["keys: null"] = Text("""{"keys": null}"""),
        ["keys: a number"] = Text("""{"keys": 1}"""),
        ["no keys"] = Text("{}"),
        ["null"] = Text("null"),
        ["an array"] = Text("[]"),
        ["cut off"] = Text("""{"keys": [{"kty": "RSA", "kid": "k1","""),
        ["no JSON"] = Text("\0\u0001 garbage"),
        ["nested too deep"] = Text(new string('[', 100_000)),
        ["keys that are null and numbers"] = Text("""{"keys": [null, 1, "k1", [], {}]}"""),
        ["members of other types"] = Text("""{"keys": [{"kty": "RSA", "kid": "k1", "n": 1, "e": {}}]}"""),
        ["a modulus that is no Base64"] = Text("""{"keys": [{"kty": "RSA", "kid": "k1", "n": "%%%", "e": "AQAB"}]}"""),
        ["only keys of other kinds"] = Text("""{"keys": [{"kty": "oct", "kid": "k1", "k": "c2VjcmV0"}, {"kty": "future", "kid": "k1"}]}"""),
        ["only keys of another use"] = Text("""{"keys": [{"kty": "RSA", "use": "enc", "kid": "k1", "n": "AQAB", "e": "AQAB"}]}"""),
        ["500"] = Text("""{"keys": []}""", status: 500),
        ["503"] = Text(string.Empty, status: 503),
        ["a timeout before the headers"] = _ => Task.Delay(TimeSpan.FromSeconds(10)),
        ["a timeout within the body"] = WithoutEnd,
        ["a body too large"] = Text($$"""{"padding": "{{new string('x', 300_000)}}", "keys": []}"""),
        ["a connection that breaks"] = response =>
        {
            response.Abort();
            return Task.CompletedTask;
        },
    };

    /// <summary>An answer that is as good as its keys, with one more that does not parse.</summary>
    public static Func<HttpListenerResponse, Task> BadKeyAmong(params RsaSecurityKey[] keys)
    {
        object bad = new { kty = "RSA", kid = "bad", n = "%%%", e = "AQAB" };
        return Text(JsonSerializer.Serialize(new { keys = keys.Select(KeyServer.Entry).Prepend(bad) }));
    }

    /// <summary>A good key set that is too large.</summary>
    public static Func<HttpListenerResponse, Task> TooLarge(RsaSecurityKey key) =>
        Text(JsonSerializer.Serialize(new { keys = new[] { KeyServer.Entry(key) }, padding = new string('x', 300_000) }));

    /// <summary>A redirect to another server.</summary>
    public static Func<HttpListenerResponse, Task> RedirectTo(string address) => response =>
    {
        response.Redirect(address);
        return Task.CompletedTask;
    };

    private static Func<HttpListenerResponse, Task> Text(string body, int status = 200, string contentType = "application/json") =>
        async response =>
        {
            response.StatusCode = status;
            response.ContentType = contentType;
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        };

    private static async Task WithoutEnd(HttpListenerResponse response)
    {
        response.SendChunked = true;
        while (true)
        {
            await response.OutputStream.WriteAsync(" "u8.ToArray());
            await response.OutputStream.FlushAsync();
            await Task.Delay(20);
        }
    }
}
