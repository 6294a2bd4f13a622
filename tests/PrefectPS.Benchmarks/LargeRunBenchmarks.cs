using System.Diagnostics;
using System.Globalization;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Benchmarks;

/// <summary>Large recorded runs: the cost of one more step, and their memory.</summary>
internal static class LargeRunBenchmarks
{
    /// <summary>The argument that makes this program the process whose memory is measured.</summary>
    public const string MemoryProcess = "memory-process";

    private const int Rounds = 11;
    private const int ManyTasks = 1_000_000;
    private static readonly int[] Sizes = [1_000, 10_000, 100_000, ManyTasks];

    public static IEnumerable<Measurement> Run()
    {
        var root = Directory.CreateTempSubdirectory("prefectps-large-").FullName;
        try
        {
            foreach (var row in Steps(root))
                yield return row;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }

        yield return Memory();
    }

    /// <summary>Defines very many tasks, runs them in one step on record, and takes one more step.</summary>
    /// <returns>This process's peak memory in MiB.</returns>
    public static double TakeMemory()
    {
        var root = Directory.CreateTempSubdirectory("prefectps-memory-").FullName;
        try
        {
            var flow = Shapes.Stored(new FolderStore(root), ManyTasks + 1);
            Take(flow, FlowDurability.Batch, ManyTasks);
            Take(flow, FlowDurability.Batch, 1);
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / (double)(1 << 20);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // The ratio is to the same step of the smallest run, for a process with the flow at hand and one that has just defined it.
    private static IEnumerable<Measurement> Steps(string root)
    {
        double? warm = null, anew = null;
        foreach (var tasks in Sizes)
        {
            var store = new FolderStore(Path.Combine(root, $"{tasks}"));
            var flow = Make();
            Take(flow, FlowDurability.Step, tasks);
            for (var step = 0; step < 2; step++)
                Take(flow, FlowDurability.Task, 1);
            var time = MedianOf(() => flow);
            yield return new($"one more step, {tasks:N0} tasks finished, warm (folder)", time, "ms", time / (warm ??= time), tasks == 100_000 ? "ratio < 3" : null);
            time = MedianOf(Make);
            yield return new($"one more step, {tasks:N0} tasks finished, flow defined anew (folder)", time, "ms", time / (anew ??= time));

            Flow Make()
            {
                var made = Shapes.Stored(store, tasks + (3 * Rounds));
                _ = made.Plan.Fingerprint;
                return made;
            }
        }
    }

    private static double MedianOf(Func<Flow> make)
    {
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var flow = make();
            times[i] = Measurement.TimeOnce(() => Take(flow, FlowDurability.Task, 1)).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Rounds / 2];
    }

    private static Measurement Memory()
    {
        var end = ProcessEnd.Of(new("dotnet", [typeof(LargeRunBenchmarks).Assembly.Location, MemoryProcess]));
        return end.Code == 0
            ? new($"peak memory of a process that runs {ManyTasks:N0} tasks and steps again", double.Parse(end.Output, CultureInfo.InvariantCulture), "MiB", Target: "< 1144")
            : throw end.ToException(MemoryProcess);
    }

    private static void Take(Flow flow, FlowDurability durability, int maxTasks) => StepTaker.Take(
        new(new RunById(flow, "run", RunParameters.None)) { Budget = new() { MaxTasks = maxTasks }, Durability = durability }, CancellationToken.None);
}
