using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Storage;

namespace PrefectPS.Benchmarks;

/// <summary>Results in a store: the cost of writing one, in memory and in a folder, where the flush to disk dominates.</summary>
internal static class ResultBenchmarks
{
    private const int Count = 200;
    private const int Size = 1_000;

    public static IEnumerable<Measurement> Run()
    {
        var folder = Directory.CreateTempSubdirectory("prefectps-benchmark-").FullName;
        try
        {
            var content = new byte[Size];
            var bare = Measurement.Time(() => WriteBare(folder, content));
            yield return new($"{Size:N0} bytes written, flushed and renamed", bare.TotalMicroseconds / Count, "us a file");
            yield return Time("in a folder", Small(), new FolderStore(folder), bare);

            var memory = MemoryStore.Named("benchmark");
            yield return Time("in memory", Small(), memory);
            yield return Allocated("in memory", Small(), memory);
            yield return Allocated("of a table of 10,000 rows, in memory", Table(10_000), memory, count: 1);
            foreach (var measurement in BufferBenchmarks.Run())
                yield return measurement;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Measurement Time(string where, object value, IFlowStore store, TimeSpan? baseline = null)
    {
        var flow = Make(value, store, Count);
        var time = Measurement.Time(() => StepRunner.Run(FlowState.New(flow), new()));
        return new($"engine, a result of {Size:N0} bytes a task, {where}", time.TotalMicroseconds / Count, "us a task", baseline is { } other ? time / other : null);
    }

    private static Measurement Allocated(string what, object value, IFlowStore store, int count = Count)
    {
        var flow = Make(value, store, count);
        var bytes = Measurement.AllocatedBytes(() => StepRunner.Run(FlowState.New(flow), new()));
        return new($"the same {what}, allocated", bytes / (double)count, "bytes a task");
    }

    private static Flow Make(object value, IFlowStore store, int count)
    {
        var flow = new Flow("benchmark", new FlowServices(), new() { Store = store });
        for (var i = 0; i < count; i++)
            flow.Add(new($"task{i}", new Returning(value)));
        return flow;
    }

    private static string Small() => new('x', Size - 2);

    private static object[] Table(int rows) =>
        [.. Enumerable.Range(0, rows).Select(i => new System.Collections.Hashtable { ["Id"] = i, ["Name"] = $"row {i}", ["Size"] = i * 1.5 })];

    private static void WriteBare(string folder, byte[] content)
    {
        for (var i = 0; i < Count; i++)
        {
            var name = Path.Combine(folder, $"bare{i}");
            using (var file = File.Create(name + ".tmp", bufferSize: 1))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(name + ".tmp", name, overwrite: true);
        }
    }

    private sealed class Returning(object value) : ITaskBody
    {
        public string Source => string.Empty;

        public object? Run(FlowContext context, TaskArguments arguments) => value;
    }
}
