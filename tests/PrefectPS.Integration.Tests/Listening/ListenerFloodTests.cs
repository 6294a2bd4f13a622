using System.Diagnostics;
using System.Text;
using PrefectPS.Http;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>Whoever holds connections, headers or bodies back keeps nobody else out, and is cut off.</summary>
[Trait("Load", "heavy")]
public sealed class ListenerFloodTests
{
    private const string HalfHeader = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
    private const string HalfBody = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n";
    private const string NoSignature = $"{MessageHeaders.Signature}: sha256=00\r\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("headers", HalfHeader, 5000)]
    [InlineData("silent", "", 5000)]
    [InlineData("bodies", HalfBody + "\r\n{", 5000)]
    [InlineData("headers, more than the bound", HalfHeader, 500)]
    public async Task Three_thousand_slow_connections_are_closed_and_honest_requests_are_answered_meanwhile(string kind, string beginning, int maxConnections)
    {
        await using var listener = await ListenerProcess.StartAsync("Secret=of the caller", "HeaderTime=4", $"MaxConnections={maxConnections}");
        using var slow = new SlowSenders();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var honest = PostUntilAsync(listener, end.Token);
        await slow.OpenAsync(listener.Address.Port, 3000, beginning);
        var endings = await slow.EndAsync();
        await end.CancelAsync();
        var times = await honest;
        var open = endings.Select(ending => ending.After).Order().ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}: closed after {open[0].TotalSeconds:0.0} to {open[^1].TotalSeconds:0.0} s; "
            + $"{times.Count} honest requests: median {Milliseconds(times[times.Count / 2])}, longest {Milliseconds(times[^1])}");
        Assert.Equal(3000, endings.Length);
    }

    [Theory]
    [InlineData("Secret=of the caller", "")]
    [InlineData("SigningKey=shared", NoSignature)]
    [InlineData("Anonymous", "")]
    public async Task Slow_bodies_of_unauthenticated_senders_are_evicted(string check, string header)
    {
        await using var listener = await ListenerProcess.StartAsync(check, "ReadTime=20", "UnverifiedReadTime=20", "MaxRequests=4", "MaxUnverified=4");
        using var slow = new SlowSenders();
        var time = RequestSignature.Format(DateTimeOffset.UtcNow);
        await slow.OpenAsync(listener.Address.Port, 100, $"{HalfBody}{MessageHeaders.Timestamp}: {time}\r\n{header}\r\n{{");
        var byHeaders = check.StartsWith("Secret", StringComparison.Ordinal);
        while (slow.Closed < (byHeaders ? 100 : 96))
            await Task.Delay(50, Stop); // the last four are within their time; all have arrived, so that no late one evicts a request
        for (var i = 0; i < 5; i++)
            Assert.Equal(204, await PostAsync(listener, check));
    }

    [Fact]
    public async Task Slow_bodies_of_authenticated_senders_are_limited()
    {
        await using var listener = await ListenerProcess.StartAsync("Secret=of the caller", "ReadTime=8", "MaxRequests=4");
        using var slow = new SlowSenders();
        await slow.OpenAsync(listener.Address.Port, 4, $"{HalfBody}{MessageHeaders.Secret}: of the caller\r\n\r\n{{");
        var answer = await PostAsync(listener, "Secret");
        while (answer == 204 && slow.Closed == 0) // they were not read from yet
            answer = await PostAsync(listener, "Secret");
        Assert.Equal(503, answer);
        Assert.All(await slow.EndAsync(), ending => Assert.True(ending.Answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), ending.Answer));
        Assert.Equal(204, await PostAsync(listener, "Secret"));
    }

    [Fact]
    public async Task A_trickling_body_is_cut_off_before_its_timeout()
    {
        await using var listener = await ListenerProcess.StartAsync("Secret=of the caller", "ReadTime=120");
        using var slow = new SlowSenders();
        await slow.OpenAsync(listener.Address.Port, 1, $"{HalfBody}{MessageHeaders.Secret}: of the caller\r\n\r\n{{");
        var ending = Assert.Single(await slow.EndAsync());
        Assert.True(ending.After < TimeSpan.FromSeconds(60), $"{ending}");
        Assert.StartsWith("HTTP/1.1 408", ending.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_connections_than_descriptors_lock_nobody_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux says how many there may be.");
        await using var listener = await ListenerProcess.StartAsync(
            "http://127.0.0.1:{0}/",
            arguments => HostProcess.StartProgram("sh", ["-c", "ulimit -n 400; exec \"$@\"", "sh", "dotnet", HostProcess.HostPath, "-NoProfile", .. arguments]),
            "Secret=of the caller");
        using var slow = new SlowSenders();
        await slow.OpenAsync(listener.Address.Port, 600, HalfHeader);
        for (var i = 0; i < 5; i++)
            Assert.Equal(204, await PostAsync(listener, "Secret"));
        await slow.EndAsync();
    }

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:0} ms";

    private static Task<int> PostAsync(ListenerProcess listener, string check)
    {
        var time = RequestSignature.Format(DateTimeOffset.UtcNow);
        return check.StartsWith("Secret", StringComparison.Ordinal) ? listener.PostAsync([], (MessageHeaders.Secret, "of the caller"))
            : check.StartsWith("SigningKey", StringComparison.Ordinal)
                ? listener.PostAsync("[]"u8.ToArray(), (MessageHeaders.Timestamp, time), (MessageHeaders.Signature, new RequestSignature("shared").Of(time, "[]"u8.ToArray())))
            : listener.PostAsync([]);
    }

    // How long each took, in order; all were answered as they should be.
    private static async Task<List<TimeSpan>> PostUntilAsync(ListenerProcess listener, CancellationToken end)
    {
        var times = new List<TimeSpan>();
        while (!end.IsCancellationRequested || times.Count == 0)
        {
            var watch = Stopwatch.StartNew();
            using (var client = new HttpClient()) // a connection of its own
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, listener.Address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("[]")) };
                request.Headers.Add(MessageHeaders.Secret, "of the caller");
                using var answer = await client.SendAsync(request, Stop);
                Assert.Equal(204, (int)answer.StatusCode);
            }

            times.Add(watch.Elapsed);
            await Task.Delay(20, Stop);
        }

        times.Sort();
        return times;
    }
}
