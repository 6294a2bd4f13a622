using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PrefectPS.Channels;
using PrefectPS.Http;
using PrefectPS.Http.Channels;
using PrefectPS.Integration.Tests.Emulators;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>What Start-FlowListener answers, and what it has done by then.</summary>
[Trait("Load", "heavy")]
public sealed class ListenerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_answered_after_its_step_is_stored_and_the_next_message_sent()
    {
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        Assert.Equal(204, await listener.PostAsync([]));
        Assert.Equal("a", listener.Ran);
        var next = await new FolderChannel(Path.Combine(listener.Folder, "next"), TimeProvider.System).ReceiveAsync(TimeSpan.FromMinutes(1), TimeSpan.Zero, Stop);
        Assert.Equal(("listened", 1), (next!.Message.Flow, next.Message.Step));

        var data = Convert.ToBase64String(next.Message.Document);
        var attributes = $$$"""{"flow": "listened", "run": "{{{next.Message.RunId}}}", "step": "1"}""";
        var push = $$$$"""{"subscription": "projects/p/subscriptions/s", "message": {"messageId": "1", "data": "{{{{data}}}}", "attributes": {{{{attributes}}}}}}""";
        Assert.Equal(204, await listener.PostAsync(Encoding.UTF8.GetBytes(push)));
        Assert.Equal(204, await listener.PostAsync(Encoding.UTF8.GetBytes(push))); // a second time changes nothing
        Assert.Equal("ab", listener.Ran);
    }

    [Fact]
    public async Task A_failed_request_gets_a_status_without_details()
    {
        await using var listener = await ListenerProcess.StartAsync("Secret=of the caller");
        (string, string) secret = ("X-PrefectPS-Secret", "of the caller");
        using (var got = await listener.Client.GetAsync(listener.Address, Stop))
            Assert.Equal(405, (int)got.StatusCode);
        Assert.Equal(401, await listener.PostAsync([]));
        Assert.Equal(401, await listener.PostAsync([], ("Authorization", "Bearer of the calle")));
        Assert.Equal(400, await listener.PostAsync("no json"u8.ToArray(), secret));
        Assert.Equal(400, await listener.PostAsync("1"u8.ToArray(), secret));
        Assert.Equal(413, await listener.PostAsync(new byte[200_000], secret));
        Assert.Equal(431, await listener.PostAsync([], secret, ("X-Long", new string('x', 20_000))));
        Assert.Equal(400, await listener.PostAsync("""{"tasks": 1}"""u8.ToArray(), secret)); // no state document
        Assert.Equal(503, await listener.PostAsync("[]"u8.ToArray(), secret, ("X-PrefectPS-Not-Before", DateTimeOffset.UtcNow.AddHours(1).ToString("O"))));
        Assert.Equal(string.Empty, listener.Ran);
        Assert.Equal(204, await listener.PostAsync([], secret));
        Assert.Equal("a", listener.Ran);
    }

    [Fact]
    public async Task A_late_body_blocks_nobody()
    {
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        var answer = await AnswerToSlowBodyAsync(listener);
        while (answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal)) // it was looked at only while the other's step ran
            answer = await AnswerToSlowBodyAsync(listener);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    // Another request, made meanwhile, is answered.
    private static async Task<string> AnswerToSlowBodyAsync(ListenerProcess listener)
    {
        using var slow = new TcpClient();
        await slow.ConnectAsync("127.0.0.1", listener.Address.Port, Stop);
        await slow.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), Stop);
        Assert.Equal(204, await listener.PostAsync([]));
        return await ReadToEndAsync(slow);
    }

    // Whether it ends in good order or not.
    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        var answer = new StringBuilder();
        var buffer = new byte[1024];
        try
        {
            int count;
            while ((count = await client.GetStream().ReadAsync(buffer, Stop)) > 0)
                answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        catch (IOException)
        {
            // It was cut off.
        }

        return answer.ToString();
    }

    [Fact]
    public async Task While_a_step_runs_other_requests_get_503()
    {
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        await File.WriteAllTextAsync(Path.Combine(listener.Folder, "slow"), string.Empty, Stop);
        var first = listener.PostAsync([]);
        while (listener.Ran.Length == 0)
            await Task.Delay(20, Stop);
        Assert.Equal(503, await listener.PostAsync([]));
        Assert.Equal(204, await first);
    }

    [Fact]
    public async Task Only_the_signature_of_our_channel_is_accepted()
    {
        await using var listener = await ListenerProcess.StartAsync("SigningKey=shared");
        var run = Encoding.UTF8.GetBytes("""{"version": 1, "flow": {"name": "listened"}, "run": {"id": "signed", "step": 0}, "tasks": []}""");
        await HttpChannel.Open(new() { Address = listener.Address.AbsoluteUri, SigningKey = "shared" }).SendAsync(MessageIdentity.Identify(run), Stop);
        Assert.Equal("a", listener.Ran);

        var error = await Assert.ThrowsAsync<FlowException>(async () =>
            await HttpChannel.Open(new() { Address = listener.Address.AbsoluteUri, SigningKey = "other" }).SendAsync(MessageIdentity.Identify(run), Stop));
        Assert.Equal((FlowErrorId.ChannelFailed, false), (error.Id, error.IsTransient));
        var old = RequestSignature.Format(DateTimeOffset.UtcNow.AddMinutes(-10));
        Assert.Equal(401, await listener.PostAsync(run, (MessageHeaders.Timestamp, old), (MessageHeaders.Signature, new RequestSignature("shared").Of(old, run))));
        Assert.Equal("a", listener.Ran);
    }

    [Fact]
    public async Task A_replayed_signed_request_changes_nothing_in_a_recorded_run()
    {
        await using var listener = await ListenerProcess.StartAsync("SigningKey=shared");
        var time = RequestSignature.Format(DateTimeOffset.UtcNow);
        Task<int> Post(byte[] body) => listener.PostAsync(body, (MessageHeaders.Timestamp, time), (MessageHeaders.Signature, new RequestSignature("shared").Of(time, body)));
        for (var i = 0; i < 3; i++)
            Assert.Equal(204, await Post([])); // one run begins
        Assert.Equal(["a", "1"], [listener.Ran, $"{Directory.GetDirectories(Path.Combine(listener.Folder, "store", "runs", "listened")).Length}"]);

        var older = Encoding.UTF8.GetBytes("""{"version": 1, "flow": {"name": "listened"}, "run": {"id": "older", "step": 0}, "tasks": []}""");
        var next = Encoding.UTF8.GetBytes("""{"version": 1, "flow": {"name": "listened"}, "run": {"id": "older", "step": 1}, "tasks": [{"slug": "a", "type": "Success"}]}""");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(204, await Post(older));
            Assert.Equal(204, await Post(next));
            Assert.Equal("aab", listener.Ran);
        }
    }

    [Fact]
    public async Task A_request_with_a_truncated_document_is_rejected_and_starts_no_run()
    {
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        var document = """{"version": 1, "flow": {"name": "listened"}, "run": {"id": "cut", "step": 0}, "tasks": []}"""u8.ToArray();
        (string, string)[] headers = [("X-PrefectPS-Flow", "listened"), ("X-PrefectPS-Run", "cut"), ("X-PrefectPS-Step", "0")];
        for (var length = 0; length < document.Length; length++)
        {
            Assert.Equal(400, await listener.PostAsync(document[..length], headers));
            Assert.Equal(400, await listener.PostAsync(Push(document[..length])));
        }

        Assert.Equal(400, await listener.PostAsync([], headers[1]));
        Assert.Equal(400, await listener.PostAsync([], headers[2]));
        Assert.Equal(400, await listener.PostAsync("""{"subscription": "s", "message": {"messageId": "1"}}"""u8.ToArray()));
        Assert.Equal(string.Empty, listener.Ran);
        Assert.False(Directory.Exists(Path.Combine(listener.Folder, "store", "runs")));
        Assert.Equal(204, await listener.PostAsync(document, headers));

        static byte[] Push(byte[] data) =>
            Encoding.UTF8.GetBytes(
                """{"subscription": "s", "message": {"messageId": "1", "attributes": {"run": "cut", "step": "0"}, "data": """ + $"\"{Convert.ToBase64String(data)}\"}}}}");
    }

    [Fact]
    public async Task A_rejected_request_can_be_dead_lettered()
    {
        using var dead = new TemporaryFolder();
        await using var listener = await ListenerProcess.StartAsync("Anonymous", $"DeadLetter={dead.Path}");
        Assert.Equal(204, await listener.PostAsync("""{"tasks": 1}"""u8.ToArray()));
        var letter = await new FolderChannel(dead.Path, TimeProvider.System).ReceiveAsync(TimeSpan.FromMinutes(1), TimeSpan.Zero, Stop);
        Assert.Equal("""{"tasks": 1}""", Encoding.UTF8.GetString(letter!.Message.Document));
        Assert.StartsWith("The state document is not valid: ", letter.Message.Reason, StringComparison.Ordinal);
        Assert.Equal(string.Empty, listener.Ran);
    }

    [Fact]
    public async Task A_wrong_keys_URL_causes_a_warning_while_idle()
    {
        using var rsa = RSA.Create(2048);
        var nowhere = $"http://127.0.0.1:{FreePorts.Find(1)[0]}/";
        await using var listener = await ListenerProcess.StartAsync("Audience=https://listener", $"KeysUrl={nowhere}");
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            SigningCredentials = new(new RsaSecurityKey(rsa) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
        });
        Assert.Equal(401, await listener.PostAsync([], ("Authorization", $"Bearer {token}")));
        Assert.StartsWith($"WARNING: The issuer's keys cannot be read from -KeysUrl {nowhere}: ", await listener.Process.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_accepted_when_issuer_audience_account_time_and_key_match()
    {
        using var rsa = RSA.Create(2048);
        using var other = RSA.Create(2048);
        using var folder = new TemporaryFolder();
        await using var keys = KeyServer.Start(new RsaSecurityKey(rsa) { KeyId = "k1" });
        await using var listener = await ListenerProcess.StartAsync(
            "Audience=https://listener", "Issuer=https://issuer", $"KeysUrl={keys.Address}", "ServiceAccount=caller@example.com");

        Task<int> Post(Action<SecurityTokenDescriptor>? change = null, RSA? key = null, string keyId = "k1")
        {
            var descriptor = new SecurityTokenDescriptor
            {
                Issuer = "https://issuer",
                Audience = "https://listener",
                Expires = DateTime.UtcNow.AddMinutes(5),
                Claims = new Dictionary<string, object> { ["email"] = "caller@example.com", ["email_verified"] = true },
                SigningCredentials = new(new RsaSecurityKey(key ?? rsa) { KeyId = keyId }, SecurityAlgorithms.RsaSha256),
            };
            change?.Invoke(descriptor);
            return listener.PostAsync([], ("Authorization", $"Bearer {new JsonWebTokenHandler().CreateToken(descriptor)}"));
        }

        Assert.Equal(401, await listener.PostAsync([]));
        Assert.Equal(401, await listener.PostAsync([], ("Authorization", "Bearer no.token.this")));
        Assert.Equal(401, await Post(token => token.Issuer = "https://other"));
        Assert.Equal(401, await Post(token => token.Audience = "https://other"));
        Assert.Equal(401, await Post(token => token.Claims["email"] = "other@example.com"));
        Assert.Equal(401, await Post(token => token.Claims["email_verified"] = false));
        Assert.Equal(401, await Post(token =>
            (token.NotBefore, token.IssuedAt, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddHours(-1))));
        Assert.Equal(401, await Post(key: other));
        Assert.Equal(401, await Post(key: other, keyId: "k2"));
        Assert.Equal(string.Empty, listener.Ran);
        Assert.Equal(204, await Post());
        Assert.Equal(204, await Post(token =>
            (token.NotBefore, token.IssuedAt, token.Expires) = (DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddHours(-2), DateTime.UtcNow.AddMinutes(-1)))); // within the skew
    }

    [Fact]
    public async Task Told_to_end_the_listener_stops_gracefully_and_the_script_continues()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        Assert.Equal(204, await listener.PostAsync([]));
        listener.Process.Signal("TERM");
        var result = await listener.Process.WaitAsync();
        Assert.Equal((0, string.Empty, "ended"), (result.ExitCode, result.Error, result.Lines[^1]));
    }

    [Fact]
    public async Task Interrupted_the_listener_ends_with_the_script()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        await using var listener = await ListenerProcess.StartAsync("Anonymous");
        Assert.Equal(204, await listener.PostAsync([]));
        listener.Process.Signal("INT");
        var result = await listener.Process.WaitAsync();
        Assert.Equal((0, string.Empty, "a"), (result.ExitCode, result.Error, listener.Ran));
        Assert.DoesNotContain("ended", result.Lines);
    }
}
