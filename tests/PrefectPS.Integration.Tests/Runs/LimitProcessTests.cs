using System.Diagnostics;
using System.Globalization;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>Eight processes, each with a run of its own, share the two places of a tag while they are killed and suspended at random moments.</summary>
[Trait("Load", "heavy")]
public sealed class LimitProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int Runs = 8; // 200 bodies together
    private const int Mishaps = 3;

    private static readonly int Rounds = Series.Cases(sample: 1, whole: 20);

    private static readonly string Program = Repository.ProgramOf("StepPath");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _store = new();
    private readonly TemporaryFolder _logs = new();
    private int _kills;
    private int _suspensions;
    private int _lost;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Bodies_never_hold_more_places_than_there_are()
    {
        var seed = Series.PrintedSeed();
        for (var round = 0; round < Rounds; round++)
            await Task.WhenAll(Enumerable.Range(round * Runs, Runs).Select(number => RunAsync(number, Series.Chance(seed, number))));
        output.WriteLine($"{_kills} kills, {_suspensions} suspensions, {_lost} steps were stopped as their place was lost");

        var flow = LimitedFlow.Make(new FolderStore(_store.Path), log: null);
        Assert.All(Enumerable.Range(0, Rounds * Runs), number => Assert.Equal(StateType.Success, RecordedRuns.Read(flow, $"run-{number}")!.StateType));
        var holds = Directory.GetFiles(_logs.Path).SelectMany(HoldsIn).ToList();
        Assert.InRange(holds.Count, Rounds * Runs * LimitedFlow.BodyCount, int.MaxValue);
        Assert.Equal(LimitedFlow.Places, MostAtATime(holds));
    }

    // A process of a run, again and again until it is done; some are killed, and some suspended for longer than a lease holds.
    private async Task RunAsync(int number, Random random)
    {
        for (var count = 0; ; count++)
        {
            var log = Path.Combine(_logs.Path, $"{number}-{count}");
            var start = new ProcessStartInfo("dotnet", ["exec", Program, _store.Path, $"run-{number}", "--limited", log])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            start.Environment["DOTNET_TieredPGO"] = "0";
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(Stop);
            var isKilled = false;
            if (count < Mishaps)
            {
                await Task.WhenAny(process.WaitForExitAsync(Stop), Task.Delay(random.Next(300, 2000), Stop));
                if (random.Next(4) > 0)
                    await WhenItHoldsAsync(process, log);
                isKilled = !process.HasExited && random.Next(2) == 0;
                if (isKilled)
                    Kill(process);
                else if (!process.HasExited)
                    await SuspendAsync(process, random);
            }

            await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
            if (process.ExitCode == 0)
                return;
            var isLost = (await error).Contains("another step may have the place", StringComparison.Ordinal);
            if (isLost)
                Interlocked.Increment(ref _lost);
            Assert.True(isKilled || isLost, $"Exit code {process.ExitCode}: {await error}");
        }
    }

    // Most are hit while a body has its place.
    private static async Task WhenItHoldsAsync(Process process, string log)
    {
        for (var length = LengthOf(log); !process.HasExited && LengthOf(log) == length;)
            await Task.Delay(1, Stop);
    }

    private static long LengthOf(string log) => File.Exists(log) ? new FileInfo(log).Length : 0;

    private void Kill(Process process)
    {
        process.Kill();
        Interlocked.Increment(ref _kills);
    }

    private async Task SuspendAsync(Process process, Random random)
    {
        await ProcessSignal.SendAsync(process, "STOP");
        Interlocked.Increment(ref _suspensions);
        await Task.Delay(LimitedFlow.Lease.Duration + TimeSpan.FromMilliseconds(random.Next(500, 3000)), Stop);
        await ProcessSignal.SendAsync(process, "CONT");
    }

    // From the first to the last line of each; the last one of a process that was killed may not be whole.
    private static IEnumerable<(long Begin, long End)> HoldsIn(string log) =>
        from line in File.ReadAllLines(log)
        let parts = line.Split(' ')
        where parts.Length == 2
        let time = long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
        where time > 0
        group time by parts[0] into hold
        select (hold.Min(), hold.Max());

    private static int MostAtATime(List<(long Begin, long End)> holds)
    {
        var (most, now) = (0, 0);
        foreach (var (_, change) in holds.SelectMany(hold => new[] { (hold.Begin, Change: 1), (hold.End, Change: -1) }).OrderBy(each => each.Item1).ThenBy(each => each.Change))
        {
            now += change;
            most = Math.Max(most, now);
        }

        return most;
    }
}
