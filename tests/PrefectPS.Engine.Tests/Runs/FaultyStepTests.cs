using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>
/// Every single thing that can happen to a call of the store, at every single call: a step ends right or with one clear error, and taking it again ends right.
/// </summary>
public class FaultyStepTests
{
    private static readonly string[] Names = ["list", "many", "all", "outer", "retry"];

    public static TheoryData<string, FlowDurability, bool> Mishaps { get; } = new(
        from mishap in Enum.GetValues<StoreMishap>()
        from durability in Enum.GetValues<FlowDurability>()
        from resumes in new[] { true, false }
        select ($"{mishap}", durability, resumes));

    [Theory]
    [MemberData(nameof(Mishaps))]
    public void A_store_fault_at_any_call_loses_and_repeats_nothing(string name, FlowDurability durability, bool resumes)
    {
        var mishap = Enum.Parse<StoreMishap>(name);
        var (expected, calls) = Run(RecordedFlowExtensions.NewStore(), durability, resumes, fault: 0, mishap);
        Assert.InRange(calls, 20, 200);
        for (var fault = 1; fault <= calls; fault++)
        {
            var store = RecordedFlowExtensions.NewStore();
            var (ended, _) = Run(store, durability, resumes, fault, mishap);
            Assert.True(expected == ended, $"{mishap} at call {fault} of {calls}: {ended}");
            Assert.DoesNotContain(store.ListAsync("run-index/", CancellationToken.None).Wait(), entry => entry.Path.Contains("/open/", StringComparison.Ordinal));
        }
    }

    // Steps of two tasks until the run is finished; one call of all goes wrong.
    private static (string Ended, int Calls) Run(IFlowStore inner, FlowDurability durability, bool resumes, int fault, StoreMishap mishap)
    {
        var store = new FaultyStore(inner);
        if (fault > 0)
            store.At(fault, mishap);
        for (var step = 0; step < 20; step++)
        {
            var flow = Make(store);
            try
            {
                var runs = flow.Recorded(maxTasks: 3, durability);
                var run = resumes ? runs.Resume() : runs.Step("run");
                if (!run.IsOver)
                    continue;

                return (Describe(run), store.Calls.Count);
            }
            catch (FlowException e) when (e.Id == FlowErrorId.StoreFailed)
            {
                Assert.Contains(store.Name, e.Message, StringComparison.Ordinal);
            }
        }

        throw new InvalidOperationException("The run does not end.");
    }

    private static string Describe(FlowState run) =>
        $"{run.State} " + string.Join(' ', Names.Select(name => $"{name}: {TaskSpec.Show(run.Tasks.Single(task => task.Slug == name).Result)}"));

    private static TestFlow Make(IFlowStore store)
    {
        var inner = new TestFlow("inner").Task("one", _ => 1).Task("two", _ => 2, "one");
        return new TestFlow(options: new() { Store = store })
            .Task("list", _ => new object[] { 1, 2 })
            .Add(new("many", TestFlow.Body(arguments => $"<{arguments[0].Value}>")) { Map = [new("x", "list")] })
            .Add(new("all", TestFlow.Body(arguments => TaskSpec.Show(arguments[0].Value))) { InputFrom = [new("x", "many")] })
            .Add(new("outer", null!) { Subflow = inner.Flow })
            .Add(new("retry", TestFlow.Body((context, _) => context.RunCount < 2 ? throw new InvalidOperationException("once") : "done")) { Retry = new() { MaxRetries = 1 } });
    }
}
