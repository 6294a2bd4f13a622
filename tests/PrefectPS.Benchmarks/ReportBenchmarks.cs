using PrefectPS.Diagrams.Reports;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Benchmarks;

/// <summary>Reports: the cost of writing a run's page.</summary>
internal static class ReportBenchmarks
{
    private const int Count = 10_000;

    public static IEnumerable<Measurement> Run()
    {
        foreach (var (name, make) in Shapes.All)
        {
            var run = StepRunner.Run(FlowState.New(make(Count)), new());
            var time = Measurement.Time(() => FlowReport.Write(Stream.Null, run, ReportHistory.None, new()));
            yield return new($"report of {Count:N0} tasks, {name}", time.TotalMilliseconds, "ms");
            using var page = new MemoryStream();
            FlowReport.Write(page, run, ReportHistory.None, new());
            yield return new($"report of {Count:N0} tasks, {name}, size", (double)page.Length / Count, "bytes a task");
            var history = HistoryOf(run);
            time = Measurement.Time(() => FlowReport.Write(Stream.Null, run, history, new()));
            yield return new($"report of {Count:N0} tasks, {name}, with history", time.TotalMilliseconds, "ms");
        }
    }

    // As recorded for tasks that ran once each.
    private static ReportHistory HistoryOf(FlowState run) => ReportHistory.Of(
        new([.. StateHistory.Of(run).Select(change => new FlowTransition(change.Flow, change.RunId, step: 1)
        {
            Time = change.Time,
            Task = change.Task,
            FromType = change.FromType ?? StateType.Pending,
            ToType = change.ToType,
            Message = change.Message,
        })], [new(1, run.StartTime, run.StartTime)]),
        run);
}
