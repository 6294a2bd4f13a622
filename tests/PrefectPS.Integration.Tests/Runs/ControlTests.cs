using PrefectPS.Azure.Storage;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.StepProcess;
using PrefectPS.Storage;

namespace PrefectPS.Integration.Tests.Runs;

/// <summary>Requests by chance of two senders, against runs that real processes work on, that are idle, suspended, stopped, or whose process was killed.</summary>
[Trait("Load", "heavy")]
public sealed class ControlTests(EmulatorFixture emulators, ITestOutputHelper output) : IDisposable
{
    private const int RequestsOfRun = 20;

    private static readonly int Requests = Series.Cases(sample: 60, whole: 500);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task In_a_folder_each_is_applied_once_in_its_senders_order_and_none_is_lost() =>
        AskAsync(new FolderStore(_folder.Path), _folder.Path, null, mostAgain: 1);

    [Fact]
    public async Task In_a_blob_container_each_is_applied_once_in_its_senders_order_and_none_is_lost()
    {
        var azurite = await emulators.AzuriteAsync();
        var address = await azurite.CreateContainerAsync();
        var store = BlobStore.Open(new() { Address = address, ConnectionString = azurite.ConnectionString });
        await AskAsync(store, address, ("AZURE_STORAGE_CONNECTION_STRING", azurite.ConnectionString), mostAgain: KillableFlow.BodyCount);
    }

    [Fact]
    public async Task In_a_bucket_each_is_applied_once_in_its_senders_order_and_none_is_lost()
    {
        await using var server = await CloudStorageServer.StartAsync();
        var address = server.CreateBucket();
        var store = BucketStore.Open(new() { Address = address, Endpoint = server.Endpoint });
        await AskAsync(store, address, ("STORAGE_EMULATOR_HOST", server.Endpoint.ToString()), mostAgain: KillableFlow.BodyCount);
    }

    private async Task AskAsync(IFlowStore store, string address, (string Name, string Value)? setting, int mostAgain)
    {
        var seed = Series.PrintedSeed();
        for (var number = 0; number < Requests / RequestsOfRun; number++)
        {
            using var run = new ControlledRun(store, address, setting, $"run-{number}", _folder.Path);
            run.Begin();
            while (ExistingRun.Find(new(store), new("killable", $"run-{number}")) is null)
                await Task.Delay(10, TestContext.Current.CancellationToken);
            string[][] sent = await Task.WhenAll(SendAsync(run, "alice", Series.Chance(seed, number)), SendAsync(run, "bob", Series.Chance(seed, -1 - number)));
            var ended = await run.EndAsync();

            Assert.Equal(StateType.Success, ended.StateType);
            string[] known = [.. ended.Identity.Control.Known.Select(request => request.Id)];
            Assert.Equal(known.Distinct(), known);
            foreach (var ids in sent)
                Assert.Equal(ids, known.Where(ids.Contains));
            var began = run.Began();
            Assert.Equal(KillableFlow.BodyCount, began.Distinct().Count());
            var stops = ended.Identity.Control.Count; // a stop in a body cuts it off as a kill does
            Assert.InRange(began.Count, KillableFlow.BodyCount, KillableFlow.BodyCount + ((run.Kills + stops) * mostAgain));
            output.WriteLine($"run {number}: {run.Kills} kills, {known.Length} requests, {began.Count} bodies, {ended.Step} steps");
        }
    }

    private static async Task<string[]> SendAsync(ControlledRun run, string sender, Random random)
    {
        var sent = new List<string>();
        while (sent.Count < RequestsOfRun / 2)
        {
            if (random.Next(2) == 0)
                run.Begin();
            if (random.Next(4) == 0)
                await run.KillAsync();
            await Task.Delay(random.Next(150), TestContext.Current.CancellationToken);
            var id = $"{sender}-{sent.Count}";
            TimeSpan? timeout = random.Next(4) == 0 ? null : TimeSpan.FromSeconds(5);
            var request = NewRequest(id, sender, random.Next(12));
            await Task.Run(() => run.Ask(request, hasFlow: request.Edit is not null || random.Next(2) == 0, timeout));
            sent.Add(id);
        }

        return [.. sent];
    }

    private static ControlRequest NewRequest(string id, string sender, int choice)
    {
        var kind = choice switch
        {
            < 3 => RequestKind.Suspend,
            < 8 => RequestKind.Resume,
            8 => RequestKind.Stop,
            9 => RequestKind.Edit,
            _ => RequestKind.Event,
        };
        var request = new ControlRequest(id, kind, sender, RequestSender.Stamp(TimeProvider.System));
        return request.Kind switch
        {
            RequestKind.Resume => request with { IsSpecial = true },
            RequestKind.Event => request with { Event = new("word", $$"""{"of":"{{sender}}"}""") },
            RequestKind.Edit => request with { Edit = new(StateType.Success) { Tasks = ["t5"], From = [StateType.Success], Message = id } },
            _ => request,
        };
    }
}
