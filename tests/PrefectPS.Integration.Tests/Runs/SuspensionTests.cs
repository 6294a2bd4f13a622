using System.Globalization;
using System.Text;
using PrefectPS.Azure.Storage;
using PrefectPS.Documents;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>
/// Real processes that are suspended at each write of a step, past their lease, until another has finished the run, or has removed it and begun it anew under
/// the same id. Woken, they change nothing that counts.
/// </summary>
[Trait("Load", "heavy")]
public sealed class SuspensionTests(EmulatorFixture emulators) : IDisposable
{
    private const int AtOnce = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<FlowDurability, bool> Cases { get; } =
        [.. from durability in Enum.GetValues<FlowDurability>() from isAnew in new[] { false, true } select (durability, isAnew)];

    /// <summary>Of stores behind a network, their usual durability is enough of a sample.</summary>
    public static TheoryData<FlowDurability, bool> NetworkCases { get; } = [.. Cases.Where(row => Series.IsWhole || row.Data.Item1 == FlowDurability.Batch)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_step_in_a_folder_that_was_suspended_changes_nothing_that_counts(FlowDurability durability, bool isAnew) =>
        WakeAllAsync(new FolderStore(_folder.Path), _folder.Path, null, durability, isAnew);

    [Theory]
    [MemberData(nameof(NetworkCases))]
    public async Task A_step_in_a_blob_container_that_was_suspended_changes_nothing_that_counts(FlowDurability durability, bool isAnew)
    {
        var azurite = await emulators.AzuriteAsync();
        var address = await azurite.CreateContainerAsync();
        var store = BlobStore.Open(new() { Address = address, ConnectionString = azurite.ConnectionString });
        await WakeAllAsync(store, address, ("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString), durability, isAnew);
    }

    [Theory]
    [MemberData(nameof(NetworkCases))]
    public async Task A_step_in_a_bucket_that_was_suspended_changes_nothing_that_counts(FlowDurability durability, bool isAnew)
    {
        await using var server = await CloudStorageServer.StartAsync();
        var address = server.CreateBucket();
        var store = BucketStore.Open(new() { Address = address, Endpoint = server.Endpoint });
        await WakeAllAsync(store, address, ("STORAGE_EMULATOR_HOST", server.Endpoint.ToString()), durability, isAnew);
    }

    // Each write of the step, until there is none of that number.
    private static async Task WakeAllAsync(IFlowStore store, string address, (string Name, string Value)? environment, FlowDurability durability, bool isAnew)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are suspended by a signal");
        var faults = new List<string>();
        var woken = 0;
        for (var hasEnded = false; !hasEnded; woken += AtOnce)
        {
            Assert.True(woken < 100, "The step does not end.");
            var outcomes = await Task.WhenAll(Enumerable.Range(woken + 1, AtOnce).Select(write => WakeAsync(store, address, environment, write, durability, isAnew)));
            hasEnded = outcomes.Contains(null);
            faults.AddRange(outcomes.Where(outcome => !string.IsNullOrEmpty(outcome))!);
        }

        Assert.True(woken > 10, "The step hardly writes.");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // What it did that it was not to, or nothing; null where it had ended before it was suspended.
    private static async Task<string?> WakeAsync(
        IFlowStore store, string address, (string Name, string Value)? environment, int write, FlowDurability durability, bool isAnew)
    {
        var runId = string.Create(CultureInfo.InvariantCulture, $"run-{write}-x");
        using var suspended = await SuspendedStep.StartAsync(address, environment, runId, write, durability);
        if (suspended.Call is null)
            return null;
        var flow = SharedFlow.Make(store, runId, "the other");
        if (isAnew)
            await WhenFreeAsync(() => Remove(store, runId));
        var results = await WhenFreeAsync(() => Finish(flow, runId, durability));
        var before = await DescribeAsync(flow, store, runId);
        Assert.Contains(results, before, StringComparison.Ordinal);

        var (exitCode, error) = await suspended.GoOnAsync();
        if (exitCode is not (0 or 3))
            return $"{suspended.Call}: exit code {exitCode}, {error}";
        if (await DescribeAsync(flow, store, runId) is var after && after != before)
            return $"{suspended.Call} changed\n{before}into\n{after}";

        await WhenFreeAsync(() => Remove(store, runId));
        Assert.DoesNotContain(await PathsAsync(store), path => path.Contains($"/{runId}/", StringComparison.Ordinal) && !path.StartsWith("cache/", StringComparison.Ordinal));
        Assert.DoesNotContain(await PathsAsync(store), path => path.StartsWith("run-index/", StringComparison.Ordinal) && path.Contains($"/{runId}", StringComparison.Ordinal));
        return string.Empty;
    }

    private static string Finish(Flow flow, string runId, FlowDurability durability)
    {
        var request = new StepRequest(new RunById(flow, runId, RunParameters.None)) { Budget = new() { Wait = true }, Durability = durability };
        var run = StepTaker.Take(request, Stop).Run;
        Assert.Equal(States.StateType.Success, run.StateType);
        return ResultsOf(run);
    }

    private static string Remove(IFlowStore store, string runId)
    {
        RunRemoval.Remove(new(store, SharedFlow.Name, runId));
        return string.Empty;
    }

    // A lease is not renewed while its process is suspended.
    private static async Task<string> WhenFreeAsync(Func<string> action)
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return action();
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreConflict && DateTime.UtcNow < end)
            {
                await Task.Delay(200, Stop);
            }
        }
    }

    // All that anyone can see of the run.
    private static async Task<string> DescribeAsync(Flow flow, IFlowStore store, string runId)
    {
        var run = RecordedRuns.Read(flow, runId)!;
        var text = new StringBuilder()
            .AppendLine(ResultsOf(run))
            .AppendLine(Encoding.UTF8.GetString(FlowStateWriter.Write(run)))
            .AppendJoin('\n', RunHistory.Find(store, SharedFlow.Name, runId)!.Changes).AppendLine();
        foreach (var summary in new RunIndex(new(store)).AllRuns(SharedFlow.Name, fault => throw fault).Where(summary => summary.RunId == runId))
            text.AppendLine(Encoding.UTF8.GetString(RunIndex.Write(summary)));
        foreach (var path in (await PathsAsync(store)).Where(path => IsShared(path, runId)))
            text.AppendLine(path).AppendLine(Encoding.UTF8.GetString(store.ReadAll(path, Stop)!));
        return text.ToString();
    }

    private static string ResultsOf(FlowState run) => string.Join(", ", run.Tasks.Select(task => $"{task.State} {task.Result}"));

    private static bool IsShared(string path, string runId) =>
        path == SharedFlow.TargetOf(runId)
        || (path.StartsWith($"cache/shared/{runId}/", StringComparison.Ordinal) && path.EndsWith("/entry.json", StringComparison.Ordinal));

    private static async Task<List<string>> PathsAsync(IFlowStore store)
    {
        var paths = new List<string>();
        await foreach (var entry in store.ListAsync(string.Empty, Stop))
            paths.Add(entry.Path);
        return paths;
    }
}
