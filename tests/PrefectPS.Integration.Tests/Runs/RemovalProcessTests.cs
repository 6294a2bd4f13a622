using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>
/// A process that removes a run in a folder, killed or suspended at each of its writes and deletions: the run is whole or gone, a second call ends the removal, and the first
/// one, woken, does no harm.
/// </summary>
[Trait("Load", "heavy")]
public sealed class RemovalProcessTests : IDisposable
{
    private const string RunId = "run";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Killed_at_any_write_removal_leaves_a_whole_or_removed_run_and_a_second_call_completes() => AtEachWriteAsync(first: 1, async (removal, store) =>
    {
        await removal.KillAsync();
        AssertWholeOrGone(store);
        RemoveAll(store);
        AssertGone(store);
    });

    // One that has not taken its lease yet has not begun: it removes what is there once it goes on.
    [Fact]
    public Task Suspended_at_any_write_removal_is_completed_by_a_second_call_and_changes_nothing_when_resumed() => AtEachWriteAsync(first: 2, async (removal, store) =>
    {
        AssertWholeOrGone(store);
        await WhenFreeAsync(() => Remove(store));
        AssertGone(store);
        Assert.Equal(States.StateType.Success, Finish(store).StateType); // another run under the same id
        var before = Content(store);

        var (exitCode, error) = await removal.GoOnAsync();

        Assert.True(exitCode is 0 or 3, $"{removal.Call}: exit code {exitCode}, {error}");
        Assert.True(before == Content(store), $"{removal.Call} changed\n{before}\ninto\n{Content(store)}");
        Remove(store);
        AssertGone(store);
    });

    // Each with a run of its own, until the removal has ended before.
    private async Task AtEachWriteAsync(int first, Func<SuspendedStep, FolderStore, Task> look)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are suspended by a signal");
        var original = Path.Combine(_folder.Path, "original");
        Finish(new FolderStore(original));
        for (var write = first; ; write++)
        {
            Assert.True(write < 100, "The removal does not end.");
            var copy = Path.Combine(_folder.Path, $"{write}");
            Copy(original, copy);
            using var removal = await SuspendedStep.StartRemovalAsync(copy, RunId, write);
            if (removal.Call is null)
            {
                Assert.True(write > 8, "The removal hardly writes.");
                return;
            }

            await look(removal, new FolderStore(copy));
        }
    }

    private static void AssertWholeOrGone(FolderStore store)
    {
        var runs = new RunIndex(new(store)).AllRuns(SharedFlow.Name, fault => throw fault);
        var run = RecordedRuns.Read(SharedFlow.Make(store, RunId, "reader"), RunId);
        Assert.Equal(runs.Count == 1, run is not null);
        if (run is not null)
            Assert.All(run.Tasks, task => Assert.Contains(" by ", $"{task.Result}", StringComparison.Ordinal));
    }

    // Targets and what is in the cache are not the run's.
    private static void AssertGone(FolderStore store) => Assert.DoesNotContain(Paths(store), path => path.StartsWith("run", StringComparison.Ordinal));

    private static FlowState Finish(FolderStore store) => StepTaker.Take(
        new(new RunById(SharedFlow.Make(store, RunId, "a step"), RunId, RunParameters.None)) { Budget = new() { Wait = true } }, Stop).Run;

    private static void Remove(FolderStore store)
    {
        if (RunRemoval.Find(store, new(SharedFlow.Name, RunId)) is { } run)
            RunRemoval.Remove(run);
    }

    // As Remove-FlowRun -Store does: it is not told of the run.
    private static void RemoveAll(FolderStore store)
    {
        foreach (var run in new RunIndex(new(store)).AllRuns(flow: null, fault => throw fault))
            RunRemoval.Remove(run);
        new StoreCleanup(store, TimeSpan.Zero, TimeProvider.System).Clean(_ => true, run => run, fault => throw fault);
    }

    // A lease is not renewed while its process is suspended.
    private static async Task WhenFreeAsync(Action action)
    {
        for (var end = DateTime.UtcNow + Patience; ; await Task.Delay(200, Stop))
        {
            try
            {
                action();
                return;
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && DateTime.UtcNow < end)
            {
            }
        }
    }

    private static string Content(FolderStore store) =>
        string.Join('\n', Paths(store).Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(store.ReadAll(path, Stop)!))}"));

    private static List<string> Paths(FolderStore store) => [.. store.ListAsync(string.Empty, Stop).ToBlockingEnumerable(Stop).Select(entry => entry.Path)];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
