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
                var time = Measurement.Time(() => StepRunner.Run(FlowState.New(flow), StepBudget.Unlimited));
                yield return new($"engine, {shape} of {count:N0}", time.TotalMicroseconds / count, "us a task", Target: "< 10");
            }

            const int large = 100_000;
            var bytes = Measurement.RetainedBytes(() => StepRunner.Run(FlowState.New(make(large)), StepBudget.Unlimited));
            yield return new($"engine, {shape} of {large:N0}, flow and run", (double)bytes / large, "bytes a task", Target: "< 1024");
        }

        foreach (var row in RunMapped(100_000))
            yield return row;
    }

    private static IEnumerable<Measurement> RunMapped(int count)
    {
        var flow = Shapes.Mapped(count);
        var time = Measurement.Time(() => StepRunner.Run(FlowState.New(flow), StepBudget.Unlimited));
        yield return new($"engine, mapped over {count:N0}", time.TotalMicroseconds / count, "us a child", Target: "< 10");
        var bytes = Measurement.RetainedBytes(() => StepRunner.Run(FlowState.New(flow), StepBudget.Unlimited));
        yield return new($"engine, mapped over {count:N0}, run", (double)bytes / count, "bytes a child", Target: "< 1024");
    }
}
