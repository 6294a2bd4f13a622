using System.Diagnostics;
using System.Net.Sockets;

namespace PrefectPS.Integration.Tests.Listening;

/// <summary>Ten thousand requests of every kind, from a load tool, with slow ones among them: right answers, and memory stays as it is.</summary>
[Trait("Load", "heavy")]
public sealed class ListenerLoadTests
{
    private const int Requests = 10_000;
    private const int MostRounds = 20;
    private const long Allowance = 64 * 1024 * 1024;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_request_gets_the_expected_response()
    {
        Assert.SkipUnless(Has("wrk"), "There is no 'wrk', the load tool.");
        await using var listener = await ListenerProcess.StartAsync("Secret=of the caller");
        await LoadAsync(listener); // what a process takes once, it has taken by now
        var before = MemoryOf(listener);

        var answers = new Dictionary<int, int>();
        for (var round = 0; round < MostRounds && answers.Values.Sum() < Requests; round++)
        {
            using var slow = new TcpClient();
            await slow.ConnectAsync("127.0.0.1", listener.Address.Port, Stop);
            await slow.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nX-PrefectPS-Secret: of the caller\r\nContent-Length: 9\r\n\r\n["u8.ToArray(), Stop);
            foreach (var (status, count) in await LoadAsync(listener))
                answers[status] = answers.GetValueOrDefault(status) + count;
        }

        var said = string.Join(", ", answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Key}: {answer.Value}"));
        var after = MemoryOf(listener);
        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Values.Sum()} answers ({said}); memory {before >> 20} MiB, then {after >> 20} MiB");
        Assert.True(answers.Values.Sum() >= Requests, said);
        Assert.Empty(answers.Keys.Except([200, 204, 400, 401, 405, 413, 503]));
        var each = answers.Values.Sum() / 8.0;
        Assert.All([200, 405, 413], status => Assert.InRange(answers[status], each * 0.9, each * 1.1));
        Assert.InRange(answers[401], each * 1.8, each * 2.2);
        Assert.InRange(answers[204] + answers[503] + answers.GetValueOrDefault(400), each * 2.7, each * 3.3);
        Assert.True(answers[204] > 0, said);
        Assert.True(after < before + Allowance, $"Memory grew from {before} to {after} bytes.");
        using var alive = await listener.Client.GetAsync(new Uri(listener.Address, "healthz"), Stop);
        Assert.True(alive.IsSuccessStatusCode);
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static long MemoryOf(ListenerProcess listener)
    {
        using var process = Process.GetProcessById(listener.Process.Id);
        return process.WorkingSet64;
    }

    // How often each status was answered.
    private static async Task<IReadOnlyList<(int Status, int Count)>> LoadAsync(ListenerProcess listener)
    {
        var script = Repository.PathOf("tests/PrefectPS.Integration.Tests/Listening/load.lua");
        await using var load = HostProcess.StartProgram("wrk", ["-t1", "-c16", "-d5s", "--timeout", "30s", "-s", script, listener.Address.AbsoluteUri]);
        var result = await load.EndAsync();
        Assert.True(result.ExitCode == 0, result.Error);
        return
        [
            .. result.Lines.Single(line => line.StartsWith("TALLY ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(pair => pair.Split('=')).Select(pair => (int.Parse(pair[0]), int.Parse(pair[1]))),
        ];
    }
}
