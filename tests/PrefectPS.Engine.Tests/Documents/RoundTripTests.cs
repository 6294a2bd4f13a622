using System.Text.Json;
using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

public class RoundTripTests
{
    private static readonly Gen<DateTimeOffset> Times = Gen.Long[0, 3_000_000_000].Select(s => TestFlow.Start.AddMilliseconds(s));

    private static readonly Gen<State> States =
        from type in Gen.Int[0, StateTypes.All.Count - 1].Select(i => StateTypes.All[i])
        from message in Gen.String.Null()
        from result in Gen.OneOf<object?>(Gen.Int.Select(i => (object?)i), Gen.String.Select(s => (object?)s), Gen.Const((object?)null))
        from runCount in Gen.Int[1, 5]
        from loopCount in Gen.Int[1, 3]
        from due in Times
        from hasRun in Gen.Bool
        from milliseconds in Gen.Int[0, 100_000]
        from error in Gen.String.Null()
        select new State(type, message)
        {
            Result = TaskResult.Of(result),
            RunCount = runCount,
            LoopCount = loopCount,
            LoopResult = loopCount > 1 ? TaskResult.Of(loopCount) : null,
            DueTime = type.IsScheduled() ? due : null,
            Started = hasRun ? due : null,
            Ended = hasRun ? due.AddMilliseconds(milliseconds) : null,
            Error = error is null ? null : new(error) { Id = "Id", Line = 3, LineText = "throw", ScriptName = "s.ps1", Stack = "at s", ExceptionType = "E" },
        };

    [Fact]
    public void Any_run_comes_back_from_its_document_as_it_was() => States.Array[1, 8].Sample(states =>
    {
        var (flow, run) = RunOf(states);
        var decoded = FlowStateReader.Read(flow.Flow, FlowStateWriter.Write(run));
        Assert.Empty(decoded.Warnings);
        Assert.Equal((run.RunId, run.Step, run.Started), (decoded.Run.RunId, decoded.Run.Step, decoded.Run.Started));
        AssertSame(run, decoded.Run);
    });

    [Fact]
    public void Any_run_comes_back_from_what_is_written_for_Prefect() => States.Array[1, 8].Sample(states =>
    {
        var (flow, run) = RunOf(states);
        AssertSame(run, FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run);
    });

    [Fact]
    public void The_document_is_written_as_documented()
    {
        var flow = new TestFlow("f").Task("a", _ => "Task 1");
        flow.Add(new("b", TestFlow.Body(_ => null)) { Slug = "slug b" });
        using var json = JsonDocument.Parse(FlowStateWriter.Write(flow.Step(flow.New(), maxTasks: 1)));
        var root = json.RootElement;
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal("f", root.GetProperty("flow").GetProperty("name").GetString());
        Assert.Equal(flow.Flow.Plan.Fingerprint, root.GetProperty("flow").GetProperty("fingerprint").GetString());
        Assert.Equal("""{"id":"run-1","step":1,"started":"2026-11-24T08:30:15Z","parameters":{}}""", root.GetProperty("run").GetRawText());
        Assert.Equal("""{"type":"Cancelled","message":"1 of 2 tasks cancelled."}""", root.GetProperty("state").GetRawText());
        Assert.Equal(
            [
                """{"task":{"slug":"a"},"state":{"type":"Success","message":"Task run succeeded.","_result":{"type":"Result","value":"Task 1"}},"time":[0,0]}""",
                """{"task":{"slug":"slug b","name":"b"},"state":{"type":"Cancelled","message":"Flow run is cancelled"}}""",
            ],
            root.GetProperty("tasks").EnumerateArray().Select(t => t.GetRawText()));
    }

    [Theory]
    [InlineData(StateType.Success)]
    [InlineData(StateType.Pending)]
    [InlineData(StateType.Cached)]
    [InlineData(StateType.Cancelled)]
    [InlineData(StateType.TriggerFailed)]
    [InlineData(StateType.Paused)]
    [InlineData(StateType.Mapped)]
    [InlineData(StateType.Looped)]
    [InlineData(StateType.Submitted)]
    public void A_state_is_written_for_Prefect_with_the_fields_Prefect_writes(StateType type)
    {
        var flow = new TestFlow().Task("a");
        using var ours = JsonDocument.Parse(PrefectWriter.Write(flow.New().Set("a", type, "m")));
        var reference = ConformanceData.Read("states.json").GetProperty("classes").GetProperty(type.Name()).GetProperty("serialized").GetProperty("message_m");
        var state = ours.RootElement[0].GetProperty("state");
        Assert.Equal(
            reference.EnumerateObject().Select(p => (p.Name, Text(p))).Order(),
            state.EnumerateObject().Select(p => (p.Name, Text(p))).Order());

        // Tags are what Prefect adds to the context inside a task run.
        static string Text(JsonProperty p) => p.Name switch
        {
            "context" => "{}",
            "_result" => string.Join(',', p.Value.EnumerateObject().Select(f => $"{f.Name}:{f.Value}").Order()),
            _ => p.Value.GetRawText(),
        };
    }

    private static (TestFlow Flow, FlowState Run) RunOf(State[] states)
    {
        var flow = new TestFlow();
        for (var i = 0; i < states.Length; i++)
            flow.Task($"task{i}");
        return (flow, flow.New().Change((task, _) => states[task.Index]));
    }

    private static void AssertSame(FlowState expected, FlowState actual)
    {
        foreach (var (e, a) in expected.Tasks.Zip(actual.Tasks))
        {
            Assert.Equal((e.Slug, e.State, e.Message, e.Error), (a.Slug, a.State, a.Message, a.Error));
            Assert.Equal((e.StartTime, e.EndTime, e.RunCount), (a.StartTime, a.EndTime, a.RunCount));
            Assert.Equal((e.Inner.LoopCount, e.Inner.LoopResult?.Value), (a.Inner.LoopCount, a.Inner.LoopResult?.Value));
            if (e.State != StateType.Mapped)
                Assert.Equal(e.Result, a.Result);
        }
    }
}
