using PrefectPS.Azure.Storage;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Google.Storage;
using PrefectPS.Integration.Tests.Emulators;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Benchmarks;

/// <summary>The store requests of one more step of a long run: the same rows for each store.</summary>
internal static class StepBenchmarks
{
    // Enough that what the first step has written is merged before anything is counted, and that merges and checkpoints are counted by their share.
    private const int Steps = 64;

    private static readonly int[] Sizes = [1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Steps of runs in a folder.</summary>
    public static IEnumerable<Measurement> Folder()
    {
        var root = Directory.CreateTempSubdirectory("prefectps-steps-").FullName;
        try
        {
            foreach (var row in Sizes.SelectMany(tasks => Measure("folder", new FolderStore(Path.Combine(root, $"{tasks}")), tasks)))
                yield return row;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Steps of runs in stores behind a network: Azurite, and a Cloud Storage server in this process.</summary>
    public static IEnumerable<Measurement> Clouds() => Azurite().Concat(CloudStorage());

    private static IEnumerable<Measurement> Azurite()
    {
        if (Start() is not { } azurite)
            yield break;
        try
        {
            foreach (var tasks in Sizes)
            {
                var store = BlobStore.Open(new() { Address = azurite.CreateContainerAsync().GetAwaiter().GetResult(), ConnectionString = azurite.ConnectionString });
                foreach (var row in Measure("Azurite", store, tasks))
                    yield return row;
            }
        }
        finally
        {
            azurite.DisposeAsync().AsTask().Wait();
        }

        static Azurite? Start()
        {
            try
            {
                return Integration.Tests.Emulators.Azurite.StartAsync().GetAwaiter().GetResult();
            }
            catch (EmulatorMissingException e)
            {
                Console.Error.WriteLine($"Azurite is not measured. {e.Message}");
                return null;
            }
        }
    }

    private static IEnumerable<Measurement> CloudStorage()
    {
        var server = CloudStorageServer.StartAsync().GetAwaiter().GetResult();
        try
        {
            foreach (var tasks in Sizes)
            {
                var store = BucketStore.Open(new() { Address = server.CreateBucket(), Endpoint = server.Endpoint });
                foreach (var row in Measure("bucket", store, tasks))
                    yield return row;
            }
        }
        finally
        {
            server.DisposeAsync().AsTask().Wait();
        }
    }

    private static IEnumerable<Measurement> Measure(string place, IFlowStore inner, int tasks)
    {
        var store = new MeasuredStore(inner);
        var flow = Shapes.Stored(store, tasks + (2 * Steps));
        Take(FlowDurability.Step, tasks);
        for (var i = 0; i < Steps; i++)
            Take(FlowDurability.Batch, 1);
        store.Clear();
        using var sent = new SentRequests();
        var time = Measurement.TimeOnce(() =>
        {
            for (var i = 0; i < Steps; i++)
                Take(FlowDurability.Batch, 1);
        });
        var requests = inner is RemoteStore ? sent.Count : store.Reads + store.Lists + store.Writes.Count + store.Deletes;

        var (own, segments, checkpoints) = (store.Written("/journal/"), store.Written("/segments/"), store.Written("/checkpoints/"));
        yield return Row("requests", requests, "requests");
        yield return Row("reads", store.Reads, "requests", target: "<= 32");
        yield return Row("listings", store.Lists, "requests");
        yield return Row("writes, deletions", store.Writes.Count + store.Deletes, "requests");
        yield return Row("segments, checkpoints", segments.Count + checkpoints.Count, "writes", own.Count, "<= 1");
        yield return Row("bytes of the record", own.Bytes + segments.Bytes + checkpoints.Bytes, "bytes", own.Bytes, "<= 2");
        yield return Row("bytes read", store.BytesRead, "bytes");
        yield return Row("time", time.TotalMilliseconds, "ms");

        void Take(FlowDurability durability, int maxTasks) => StepTaker.Take(
            new(new RunById(flow, "run", RunParameters.None)) { Budget = new() { MaxTasks = maxTasks }, Durability = durability }, CancellationToken.None);

        Measurement Row(string what, double sum, string unit, double? baseline = null, string? target = null) =>
            new($"a step after {tasks:N0} tasks, {place}: {what}", sum / Steps, unit, sum / baseline, target);
    }
}
