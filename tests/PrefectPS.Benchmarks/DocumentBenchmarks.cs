using PrefectPS.Documents;
using PrefectPS.Running;

namespace PrefectPS.Benchmarks;

/// <summary>State documents: what a step spends on reading the run it is given and writing the one it hands on.</summary>
internal static class DocumentBenchmarks
{
    public static IEnumerable<Measurement> Run()
    {
        const int target = 10_000;
        var first = MakeRun(target);
        var cold = Measurement.TimeOnce(() => FlowStateReader.Read(first.Flow, FlowStateWriter.Write(first)));
        yield return new($"encode and decode {target:N0} task states, first in process", cold.TotalMilliseconds, "ms");

        foreach (var count in new[] { 1_000, target })
        {
            var run = MakeRun(count);
            var document = FlowStateWriter.Write(run);
            var encode = Measurement.Time(() => FlowStateWriter.Write(run));
            var decode = Measurement.Time(() => FlowStateReader.Read(run.Flow, document));
            yield return new($"encode {count:N0} task states", encode.TotalMilliseconds, "ms");
            yield return new($"decode {count:N0} task states", decode.TotalMilliseconds, "ms");
            yield return new(
                $"encode and decode {count:N0} task states", (encode + decode).TotalMilliseconds, "ms", Target: count == target ? "< 20" : null);
            yield return new($"document of {count:N0} task states", (double)document.Length / count, "bytes a task", Target: "< 120");
            var retained = Measurement.RetainedBytes(() => FlowStateReader.Read(run.Flow, document));
            yield return new($"decoded run of {count:N0} task states", (double)retained / count, "bytes a task");
        }

        var chain = Shapes.Chain(100);
        var whole = Measurement.Time(() => RunInSteps(chain));
        yield return new("chain of 100, one task a step, through JSON each time", whole.TotalMilliseconds, "ms in all", Target: "< 100");
    }

    private static FlowState MakeRun(int count) => StepRunner.Run(FlowState.New(Shapes.Chain(count)), StepBudget.Unlimited);

    private static void RunInSteps(Flows.Flow flow)
    {
        var budget = new StepBudget { MaxTasks = 1 };
        var run = FlowState.New(flow);
        while (run.HasPending)
        {
            var document = FlowStateWriter.Write(StepRunner.Run(run, budget, resetCancelled: true));
            run = FlowStateReader.Read(flow, document).Run;
        }
    }
}
