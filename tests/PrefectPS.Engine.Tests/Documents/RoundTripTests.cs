using System.Text.Json;
using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

public class RoundTripTests
{
    [Fact]
    public void An_unspecified_result_stays_unspecified_and_an_empty_one_stays_empty()
    {
        var flow = new TestFlow()
            .Task("missing", _ => throw new PrefectPS.Flows.FlowSignalException(new(StateType.Success, "ended"), endsRun: false))
            .Task("nothing");
        var run = flow.Travel(flow.RunAll());
        Assert.Equal([true, false], run.States.Select(state => state.LacksResult));
    }

    [Fact]
    public void A_false_flag_equals_an_absent_one()
    {
        const string own = """{"no_result":false,"resumed":false,"ended_itself":false}""";
        var document = "[{\"slug\":\"a\",\"state\":{\"type\":\"Success\",\"_result\":{\"type\":\"Result\",\"value\":1},\"context\":{\"prefectps\":" + own + "}}}]";
        var read = FlowStateReader.Read(new TestFlow().Task("a").Flow, System.Text.Encoding.UTF8.GetBytes(document)).Run;
        Assert.Equal(1, read.Of("a").Result);
        Assert.False(read.States[0].LacksResult);
    }

    [Fact]
    public void Any_run_round_trips_through_its_document() => AnyStates.Gen.Array[1, 8].Sample(states =>
    {
        var (flow, run) = AnyStates.RunOf(states);
        var decoded = FlowStateReader.Read(flow.Flow, FlowStateWriter.Write(run));
        Assert.Empty(decoded.Warnings);
        Assert.Equal((run.RunId, run.Step, run.StartTime), (decoded.Run.RunId, decoded.Run.Step, decoded.Run.StartTime));
        AnyStates.AssertSame(run, decoded.Run);
    });

    [Fact]
    public void Any_run_round_trips_through_Prefects_format() => AnyStates.Gen.Array[1, 8].Sample(states =>
    {
        var (flow, run) = AnyStates.RunOf(states);
        AnyStates.AssertSame(run, FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run);
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
}
