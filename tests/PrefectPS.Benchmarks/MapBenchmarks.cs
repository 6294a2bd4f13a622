using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Benchmarks;

/// <summary>Mapped tasks of every kind, with bodies that read their inputs: the cost per child must not grow with their number.</summary>
internal static class MapBenchmarks
{
    public static IEnumerable<Measurement> Run()
    {
        foreach (var (name, make) in MapShapes.All)
        {
            foreach (var isParallel in new[] { false, true })
            {
                var row = $"{name}{(isParallel ? ", with a throttle" : "")}";
                double? few = null;
                foreach (var count in new[] { 4_000, 40_000 })
                {
                    var flow = make(count);
                    var time = Measurement.Time(() => Step(FlowState.New(flow), isParallel)).TotalMicroseconds / count;
                    yield return new($"{row}, {count:N0}", time, "us a child", few is null ? null : time / few);
                    few = time;
                }

                const int large = 40_000;
                var mapped = make(large);
                var bytes = Measurement.RetainedBytes(() => Step(FlowState.New(mapped), isParallel));
                yield return new($"{row}, {large:N0}, run", (double)bytes / large, "bytes a child", Target: "< 1024");
            }
        }
    }

    private static FlowState Step(FlowState run, bool isParallel)
    {
        var throttle = isParallel ? new Throttle(4, new Dictionary<string, int> { [MapShapes.Tag] = 2 }) : null;
        var after = StepRunner.Run(run, new() { Budget = new() { Throttle = throttle }, Pool = new PostedBodies() });
        return after.StateType == StateType.Success ? after : throw new InvalidOperationException("The flow did not end well.");
    }
}
