using PrefectPS.Flows;
using PrefectPS.Running;

namespace PrefectPS.Benchmarks;

/// <summary>The engine alone, with bodies that are a C# method: its own cost and memory.</summary>
internal static class EngineBenchmarks
{
    public static IEnumerable<Measurement> Run()
    {
        foreach (var (shape, make) in Shapes.All)
        {
            foreach (var count in new[] { 100, 1_000, 10_000, 100_000 })
            {
                var flow = make(count);
                var time = Measurement.Time(() => StepRunner.Run(FlowState.New(flow), new()));
                yield return new($"engine, {shape} of {count:N0}", time.TotalMicroseconds / count, "us a task", Target: "< 10");
            }

            const int large = 100_000;
            var bytes = Measurement.RetainedBytes(() => StepRunner.Run(FlowState.New(make(large)), new()));
            yield return new($"engine, {shape} of {large:N0}, flow and run", (double)bytes / large, "bytes a task", Target: "< 1024");
        }

        foreach (var row in RunMapped(100_000))
            yield return row;

        const int some = 10_000;
        var plain = Measurement.Time(() => Run(Shapes.Chain(some)));
        var handled = Measurement.Time(() => Run(Shapes.Handled(some)));
        var retried = Measurement.Time(() => Run(Shapes.Retried(some)));
        yield return new($"engine, chain of {some:N0}, defined and run", plain.TotalMicroseconds / some, "us a task");
        yield return new($"the same with a state handler on", handled.TotalMicroseconds / some, "us a task", handled / plain);
        yield return new($"the same, each task failing once and retried", retried.TotalMicroseconds / some, "us a task", retried / plain);
        var cached = Shapes.Cached(some);
        var found = Measurement.Time(() => StepRunner.Run(FlowState.New(cached), new()));
        yield return new($"engine, chain of {some:N0}, each result found in the session's cache", found.TotalMicroseconds / some, "us a task");
    }

    private static void Run(Flows.Flow flow)
    {
        if (StepRunner.Run(FlowState.New(flow), new() { Budget = new() { Wait = true } }).StateType != States.StateType.Success)
            throw new InvalidOperationException("The flow did not end well.");
    }

    private static IEnumerable<Measurement> RunMapped(int count)
    {
        var flow = Shapes.Mapped(count);
        var time = Measurement.Time(() => StepRunner.Run(FlowState.New(flow), new()));
        yield return new($"engine, mapped over {count:N0}", time.TotalMicroseconds / count, "us a child", Target: "< 10");
        var bytes = Measurement.RetainedBytes(() => StepRunner.Run(FlowState.New(flow), new()));
        yield return new($"engine, mapped over {count:N0}, run", (double)bytes / count, "bytes a child", Target: "< 1024");
    }
}
