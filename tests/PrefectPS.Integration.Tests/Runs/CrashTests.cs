using PrefectPS.Azure.Storage;
using PrefectPS.Flows;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Running;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>Real processes, killed at random moments until the run is done: nothing on record runs again, and every result is right.</summary>
[Trait("Load", "heavy")]
public sealed class CrashTests(EmulatorFixture emulators)
{
    private const int AtOnce = 3;

    private static readonly int FolderKills = Series.Cases(sample: 40, whole: 1_000);
    private static readonly int BlobKills = Series.Cases(sample: 25, whole: 500);

    [Fact]
    public async Task A_run_in_a_folder_survives_being_killed_again_and_again()
    {
        using var folder = new TemporaryFolder();
        var address = Path.Combine(folder.Path, "store");
        await KillAsync(new FolderStore(address), address, null, folder.Path, FolderKills, mostAgain: 1);
    }

    [Fact]
    public async Task A_run_in_a_blob_container_survives_being_killed_again_and_again()
    {
        var azurite = await emulators.AzuriteAsync();
        using var folder = new TemporaryFolder();
        var address = await azurite.CreateContainerAsync();
        var store = BlobStore.Open(new() { Address = address, ConnectionString = azurite.ConnectionString });
        await KillAsync(store, address, azurite.ConnectionString, folder.Path, BlobKills, mostAgain: KillableFlow.BodyCount);
    }

    [Fact]
    public async Task Of_concurrent_steps_of_one_run_one_proceeds()
    {
        using var folder = new TemporaryFolder();
        var address = Path.Combine(folder.Path, "store");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            var run = new KilledRun(new FolderStore(address), address, null, "run", folder.Path, new Random(i));
            return await run.RunOnceAsync($"at-once-{i}");
        }));
        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode is 0 or 3, $"exit code {outcome.ExitCode}"));
        Assert.Equal(KillableFlow.BodyCount, outcomes.SelectMany(outcome => outcome.Began).Distinct().Count());
        Assert.Equal(KillableFlow.BodyCount, outcomes.Sum(outcome => outcome.Began.Length));
    }

    // With durability Task at most one body runs again for each kill; with Batch, those of the last moment.
    private static async Task KillAsync(IFlowStore store, string address, string? connection, string folder, int wanted, int mostAgain)
    {
        var expected = Describe(StepRunner.Run(
            FlowState.New(KillableFlow.Make(null, _ => { })), new(), cancellationToken: TestContext.Current.CancellationToken));
        var seed = Series.PrintedSeed();
        var (kills, runs) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Volatile.Read(ref kills) < wanted)
            {
                var number = Interlocked.Increment(ref runs);
                var run = new KilledRun(store, address, connection, $"run-{number}", folder, Series.Chance(seed, number));
                var counted = 0;
                var ended = await run.RunAsync(() =>
                {
                    Interlocked.Add(ref kills, run.Kills - counted);
                    counted = run.Kills;
                    return Volatile.Read(ref kills) >= wanted;
                });
                Assert.Equal(expected, Describe(ended));
                Assert.Equal(KillableFlow.BodyCount, run.Began.Distinct().Count());
                Assert.InRange(run.Began.Count, KillableFlow.BodyCount, KillableFlow.BodyCount + (run.Kills * mostAgain));
            }
        }));
        Assert.InRange(kills, wanted, int.MaxValue);
    }

    private static string Describe(FlowState run) =>
        $"{run.State}: {run.Tasks[^1].Result}, {string.Join(' ', ((object?[])run.Tasks.Single(task => task.Slug == "each").Result!).Select(value => $"{value}"))}, {run.Tasks.Single(task => task.Slug == "outer").Result}";
}
