using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Runs of documents without identity, such as the array of the original workaround.</summary>
public class UnidentifiedRunTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    public static TheoryData<string> Documents { get; } =
    [
        """[]""",
        """[{"slug":"a","type":"Success","message":"by hand"}]""",
        """[{"task":{"slug":"a"},"state":{"type":"Success","message":"done","_result":{"type":"Result","location":null,"__version__":"1.4.1"},"context":{"tags":[]}}}]""",
        """{"tasks":[{"slug":"a","type":"Success"}]}""",
        """{"flow":{"name":"flow"},"run":{"step":3},"tasks":[]}""",
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Runs_without_an_id_are_not_recorded_and_leave_nothing_behind(string document)
    {
        var flow = Make();
        for (var step = 0; step < 3; step++)
        {
            var run = flow.Recorded(maxTasks: 1).Step(Read(flow, document)).Run;
            run = flow.Recorded(maxTasks: 1).Step(run).Run; // nor results derived from them
            document = Encoding.UTF8.GetString(PrefectWriter.Write(run));
        }

        Assert.Empty(Paths());
        Assert.Empty(_store.AllRuns());
        Assert.Equal(StateType.Success, Read(flow, document).StateType);
        Assert.Equal("c of b of a", Read(flow, document).Of("c").Result); // carried by the array
        Assert.Equal(1, flow.Recorded(maxTasks: 1).Resume().Step);
    }

    [Fact]
    public void The_original_trick_is_one_recorded_run_with_none_left_unfinished()
    {
        var flow = Make();
        var document = PrefectWriter.Write(flow.Recorded(maxTasks: 1).Step(flow.New()).Run);
        var started = flow.New().StartTime;
        for (var step = 2; step <= 3; step++)
        {
            flow.Clock.Advance(TimeSpan.FromHours(1));
            var read = Read(flow, Encoding.UTF8.GetString(document));
            Assert.Equal(("run-1", step - 1, started), (read.RunId, read.Step, read.StartTime));
            document = PrefectWriter.Write(flow.Recorded(maxTasks: 1).Step(read).Run);
        }

        Assert.Equal(["a", "b", "c"], flow.Ran);
        Assert.Equal([("run-1", StateType.Success, 3)], _store.AllRuns().Select(run => (run.RunId, run.StateType, run.Step)));
        Assert.DoesNotContain(Paths(), path => path.Contains("/open/", StringComparison.Ordinal));
    }

    [Fact]
    public void An_array_of_an_earlier_step_is_stale()
    {
        var flow = Make();
        var first = PrefectWriter.Write(flow.Recorded(maxTasks: 1).Step(flow.New()).Run);
        var second = flow.Recorded(maxTasks: 1).Step(Read(flow, Encoding.UTF8.GetString(first)));

        Assert.False(second.IsLate);
        Assert.True(flow.Recorded(maxTasks: 1).Step(Read(flow, Encoding.UTF8.GetString(first))).IsLate);
        Assert.Equal(["a", "b"], flow.Ran);
    }

    [Fact]
    public void The_record_has_the_parameters_that_an_array_lacks()
    {
        var flow = new TestFlow(options: new() { Store = _store, Parameters = new ParameterDefaults([new("x", 1L)]) }).Task("a").Task("b", "a");
        var given = FlowState.New(flow.Flow, new Dictionary<string, object?> { ["x"] = 2L });
        var document = PrefectWriter.Write(flow.Recorded(maxTasks: 1).Step(given).Run);

        Assert.Equal(2L, flow.Recorded(maxTasks: 1).Step(Read(flow, Encoding.UTF8.GetString(document))).Run.Parameters["x"]);
    }

    [Fact]
    public void Arrays_with_an_id_are_recorded_and_successes_are_not_repeated()
    {
        const string Document = """[{"slug":"a","type":"Pending"}]""";
        var flow = Make();
        for (var step = 1; step <= 3; step++)
        {
            var run = flow.Recorded(maxTasks: 1).Step(Read(flow, Document, "mine")).Run;
            Assert.Equal(("mine", step), (run.RunId, run.Step));
        }

        Assert.Equal(["a", "b", "c"], flow.Ran);
        Assert.Equal([("mine", StateType.Success)], _store.AllRuns().Select(run => (run.RunId, run.StateType)));
    }

    [Fact]
    public void Failed_tasks_in_an_array_with_an_id_override_the_record()
    {
        var fails = true;
        var flow = new TestFlow(options: new() { Store = _store }).Task("a", _ => fails ? throw new InvalidOperationException("no") : "yes").Task("b");
        flow.Recorded(maxTasks: 1).Step("mine");
        fails = false;

        var run = flow.Recorded().Step(Read(flow, """[{"slug":"a","type":"Pending"},{"slug":"b","type":"Success"}]""", "mine")).Run;

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(["a", "a"], flow.Ran);
    }

    [Fact]
    public void A_document_of_another_run_than_the_chosen_one_is_rejected()
    {
        var flow = Make();
        var run = flow.Recorded(maxTasks: 1).Step(flow.New()).Run;
        foreach (var document in new[] { FlowStateWriter.Write(run), CompactWriter.Write(run), PrefectWriter.Write(run) })
        {
            var error = Assert.Throws<FlowException>(() => Read(flow, Encoding.UTF8.GetString(document), "other"));
            Assert.Equal(FlowErrorId.StateInvalid, error.Id);
            Assert.Contains("'run-1', not to 'other'", error.Message, StringComparison.Ordinal);
            Assert.Equal("run-1", Read(flow, Encoding.UTF8.GetString(document), "run-1").RunId);
        }
    }

    [Fact]
    public void A_flow_without_a_store_writes_Prefects_array()
    {
        var flow = new TestFlow().Task("a").Task("b");
        Assert.DoesNotContain("run-1", Encoding.UTF8.GetString(PrefectWriter.Write(flow.New())), StringComparison.Ordinal);
        Assert.Contains("\"run-1\"", Encoding.UTF8.GetString(PrefectWriter.Write(Make().New())), StringComparison.Ordinal);
    }

    private static FlowState Read(TestFlow flow, string document, string? runId = null) =>
        StateDocument.Read(flow.Flow, Encoding.UTF8.GetBytes(document), new() { RunId = runId }).Run;

    private IEnumerable<string> Paths() => _store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path);

    private TestFlow Make() => new TestFlow(options: new() { Store = _store })
        .Task("a", _ => "a")
        .Add(new("b", TestFlow.Body(arguments => $"b of {arguments[0].Value ?? "a"}")) { InputFrom = [new("x", "a")] })
        .Add(new("c", TestFlow.Body(arguments => $"c of {arguments[0].Value}")) { InputFrom = [new("x", "b")] });
}
