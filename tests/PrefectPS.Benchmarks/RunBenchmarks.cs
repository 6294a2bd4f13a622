using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.Storage;

namespace PrefectPS.Benchmarks;

/// <summary>Recorded runs: the cost of crash safety.</summary>
internal static class RunBenchmarks
{
    private const int Rounds = 9;

    public static IEnumerable<Measurement> Run()
    {
        var root = Directory.CreateTempSubdirectory("prefectps-runs-").FullName;
        try
        {
            return [.. Journal(root), .. OneMoreStep(root), .. Requests(), .. StepBenchmarks.Folder()];
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static IEnumerable<Measurement> Journal(string root)
    {
        const int tasks = 1_000;
        var store = new FolderStore(Path.Combine(root, "journal"));
        // A checkpoint as Invoke-Build keeps it: the whole state, after each task.
        var file = Path.Combine(root, "checkpoint.json");
        var whole = Measurement.TimeOnce(() => WriteAllAfterEach(Make(null, tasks), document => WriteDurably(file, document)));
        var baseline = PerTask(whole, tasks);
        yield return new($"the whole state after each of {tasks:N0} tasks (folder)", baseline, "µs a task");
        foreach (var durability in new[] { FlowDurability.Task, FlowDurability.Batch, FlowDurability.Step })
        {
            var flow = Make(store, tasks);
            var time = MedianOf(round => Step(flow, $"{durability} {round}", durability));
            var cost = PerTask(time, tasks);
            yield return new($"on record, durability {durability}, {tasks:N0} tasks (folder)", cost, "µs a task", cost / baseline, durability == FlowDurability.Batch ? "< 200"
                : null);
        }
    }

    // A step makes six such writes, each of which waits for the disk.
    private static IEnumerable<Measurement> OneMoreStep(string root)
    {
        var files = new RunFiles(new FolderStore(Path.Combine(root, "write")));
        var write = MedianOf(round => files.WriteOwn($"{round + 1}", [(byte)(round + 1)], WriteCondition.IfAbsent));
        yield return new("one write of a small object (folder)", write.TotalMilliseconds, "ms");
        foreach (var tasks in new[] { 1_000, 10_000, 100_000 })
        {
            var store = new FolderStore(Path.Combine(root, $"steps-{tasks}"));
            Step(Make(store, tasks + Rounds + 1), "run", FlowDurability.Step, tasks);
            Step(Make(store, tasks + Rounds + 1), "run", FlowDurability.Task, 1);
            var flow = Make(store, tasks + Rounds + 1);
            var time = MedianOf(_ => Step(flow, "run", FlowDurability.Task, 1));
            yield return new($"one more step, {tasks:N0} tasks finished (folder)", time.TotalMilliseconds, "ms", time / write, Target: tasks == 10_000 ? "< 50" : null);
        }
    }

    private static IEnumerable<Measurement> Requests()
    {
        foreach (var tasks in new[] { 1, 10_000 })
        {
            var store = new FaultyStore(MemoryStore.Named("requests"));
            Step(Make(store, tasks), $"run {tasks}", FlowDurability.Batch);
            yield return new($"a run of {tasks:N0} small tasks in one step, durability Batch", store.Calls.Count, "requests");
        }
    }

    private static void Step(Flow flow, string runId, FlowDurability durability, int? maxTasks = null) =>
        StepTaker.Take(new(new RunById(flow, runId, RunParameters.None)) { Budget = new() { MaxTasks = maxTasks }, Durability = durability }, CancellationToken.None);

    private static Flow Make(IFlowStore? store, int tasks) => Shapes.Stored(store, tasks);

    private static void WriteAllAfterEach(Flow flow, Action<byte[]> write)
    {
        var budget = new StepBudget { MaxTasks = 1 };
        for (var run = FlowState.New(flow); run.HasPending;)
            write(FlowStateWriter.Write(run = StepRunner.Run(run, new() { Budget = budget, ResetCancelled = true })));
    }

    private static void WriteDurably(string path, byte[] content)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private static TimeSpan MedianOf(Action<int> action)
    {
        action(-1);
        var times = new TimeSpan[Rounds];
        for (var i = 0; i < Rounds; i++)
            times[i] = Measurement.TimeOnce(() => action(i));
        Array.Sort(times);
        return times[Rounds / 2];
    }

    private static double PerTask(TimeSpan time, int tasks) => time.TotalMicroseconds / tasks;
}
