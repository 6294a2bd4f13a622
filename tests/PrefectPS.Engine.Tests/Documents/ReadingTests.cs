using System.Text;
using System.Text.Json;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Documents;

public class ReadingTests
{
    [Theory]
    [InlineData("", "$", 1, 1, "it is not JSON")]
    [InlineData("nope", "$", 1, 2, "it is not JSON")]
    [InlineData("5", "$", 1, 1, "a state document (an object or an array) was expected, not a number")]
    [InlineData("{}", "$", 1, 1, "the document has no 'tasks'")]
    [InlineData("{\"version\":2,\"tasks\":[]}", "$.version", 1, 12, "the version is 2; this PrefectPS reads version 1")]
    [InlineData("{\"version\":1,\n \"tasks\":5}", "$.tasks", 2, 10, "an array of tasks was expected, not a number")]
    [InlineData("[5]", "$[0]", 1, 2, "an object with a task and its state was expected, not a number")]
    [InlineData("[{}]", "$[0]", 1, 2, "the task has no state")]
    [InlineData("[{\"task\":7}]", "$[0].task", 1, 10, "a task was expected, not a number")]
    [InlineData("[{\"task\":{\"slug\":7}}]", "$[0].task.slug", 1, 18, "a string was expected, not a number")]
    [InlineData("[{\"state\":\"Success\"}]", "$[0].state", 1, 11, "a state was expected, not a string")]
    [InlineData("[{\"state\":{\"message\":\"x\"}}]", "$[0].state", 1, 11, "the state has no type")]
    [InlineData("[{},\n{\"state\":{}}]", "$[0]", 1, 2, "the task has no state")]
    [InlineData("[{\"state\":{\"type\":null}}]", "$[0].state.type", 1, 19, "a state type was expected, not null")]
    [InlineData("[{\"state\":{\"type\":\"Frobbed\"}}]", "$[0].state.type", 1, 19, "'Frobbed' is not a state type; the types are Pending, ")]
    [InlineData("[{\"state\":{\"type\":\"success\"}}]", "$[0].state.type", 1, 19, "'success' is not a state type")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"message\":5}}]", "$[0].state.message", 1, 39, "a string was expected, not a number")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"_result\":{\"type\":\"PrefectResult\",\"location\":\"{\"}}}]", "$[0].state._result", 1, 39,
        "the location of a PrefectResult is its value as JSON")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"_result\":null}}]", "$[0].state._result", 1, 39, "a result was expected, not null")]
    [InlineData("[{\"state\":{\"type\":\"Scheduled\",\"start_time\":\"yesterday\"}}]", "$[0].state.start_time", 1, 44, "'yesterday' is not a date and time")]
    [InlineData("[{\"state\":{\"type\":\"Retrying\",\"run_count\":\"abc\"}}]", "$[0].state.run_count", 1, 42, "an integer was expected, not a string")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"context\":\"str\"}}]", "$[0].state.context", 1, 39, "an object was expected, not a string")]
    [InlineData("[{\"state\":{\"type\":\"Success\"},\"time\":[1]}]", "$[0].time[0]", 1, 39, "a number of milliseconds was expected, not the end")]
    [InlineData("[{\"state\":{\"type\":\"Success\"}}", "$[0]", 1, 30, "it is not JSON")]
    [InlineData("[{\"state\":{\"type\":\"Success\",\"type\":\"Failed\"}}]", "$[0].state.type", 1, 29, "the object has 'type' twice")]
    [InlineData("{\"tasks\":[],\"tasks\":[]}", "$.tasks", 1, 13, "the object has 'tasks' twice")]
    [InlineData("[] []", "$", 1, 4, "it is not JSON")]
    [InlineData("[\n{\"type\":\"Success\"},\n{\"type\" 5},\n{\"type\":\"Success\"}\n]", "$[1]", 3, 9, "it is not JSON")]
    [InlineData("{\"tasks\":[{\"task\":{\"slug\":\"a\"},\n  \"state\":{\"type\":\"Success\",\"_result\":{\"type\":\"Result\",\"value\":{\"$type\":\"System.IO.FileInfo\",\"value\":\"x\"}}}}]}", "$.tasks[0].state._result.value", 2, 64, "the $type 'System.IO.FileInfo' is not known")]
    public void Malformed_input_is_one_error_with_fault_and_position(string document, string path, int line, int column, string fault)
    {
        var error = Assert.Throws<FlowException>(() => Read(new TestFlow().Task("a"), document));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Equal(path, error.Target);
        Assert.StartsWith($"The state document is not valid: at {path} (line {line}, byte {column}) {fault}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_UTF8_is_an_error_with_its_position()
    {
        byte[] document = [.. "[{\"state\":{\"type\":\"Success\",\"message\":\""u8, 0xff, 0xfe, .. "\"}}]"u8];
        var error = Assert.Throws<FlowException>(() => FlowStateReader.Read(new TestFlow().Task("a").Flow, document));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains("$[0].state.message", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_nesting_is_an_error_not_a_crash()
    {
        var document = "[{\"state\":{\"type\":\"Success\",\"x\":" + new string('[', 100_000);
        Assert.Equal(FlowErrorId.StateInvalid, Assert.Throws<FlowException>(() => Read(new TestFlow().Task("a"), document)).Id);
    }

    [Theory]
    [InlineData("""[{"task":{"slug":"a"},"state":{"type":"Success","message":"m"}}]""")]
    [InlineData("""[{"slug":"a","type":"Success","message":"m"}]""")]
    [InlineData("""[{"message":"m","slug":"a","type":"Success"}]""")]
    [InlineData("""{"tasks":[{"state":{"message":"m","type":"Success"},"task":{"slug":"a","name":"other","unknown":[1,{}]}}]}""")]
    [InlineData("""[{"task":{"slug":null,"name":"a"},"state":{"type":"Success","message":"m","bogus":1,"__version__":"0.1.0"}}]""")]
    [InlineData("""[{"task":{"slug":"a-1","name":"a"},"state":{"type":"Success","message":"m"}}]""")]
    [InlineData("\uFEFF[{\"slug\":\"a\",\"type\":\"Success\",\"message\":\"m\"}]")]
    public void Every_form_of_a_state_is_read(string document)
    {
        var decoded = Read(new TestFlow().Task("a"), document);
        Assert.Equal((StateType.Success, "m"), (decoded.Run.Of("a").StateType, decoded.Run.Of("a").Message));
        Assert.Empty(decoded.Warnings);
    }

    [Fact]
    public void An_unknown_field_with_an_escaped_name_is_ignored_whatever_its_length()
    {
        for (var length = 1; length < 64; length++)
        {
            var document = $$"""{"\u0078{{new string('y', length - 1)}}":[],"tasks":[{"slug":"a","type":"Success"}]}""";
            Assert.Equal(StateType.Success, Read(new TestFlow().Task("a"), document).Run.Of("a").StateType);
        }
    }

    [Theory]
    [InlineData("""[{"slug":"a","type":"Success"}]""")]
    [InlineData("""{"run":{"id":"r","zone":"UTC"},"tasks":[]}""")]
    public void A_flow_whose_run_was_read_takes_no_more_tasks(string document)
    {
        var flow = new TestFlow().Task("a");
        Read(flow, document);
        Assert.Throws<FlowException>(() => flow.Task("b"));
    }

    [Fact]
    public void A_PrefectResult_carries_its_value_as_JSON_in_its_location()
    {
        var run = Read(new TestFlow().Task("a").Task("b"), """
            [{"slug":"a","state":{"type":"Success","_result":{"location":"99","type":"PrefectResult"}}},
             {"slug":"b","state":{"type":"Success","_result":{"type":"PrefectResult","location":"[1, \"x\"]"}}}]
            """).Run;
        Assert.Equal(99, run.Of("a").Result);
        Assert.Equal([1, "x"], (object[])run.Of("b").Result!);
    }

    [Fact]
    public void A_slug_that_the_flow_does_not_have_is_reported_by_name()
    {
        var decoded = Read(new TestFlow("f").Task("a"), """[{"task":{"slug":"gone"},"state":{"type":"Failed"}}]""");
        Assert.Equal(["Task 'gone' in the state document is not in flow 'f'; its state Failed is ignored."], decoded.Warnings);
        Assert.Equal(StateType.Pending, decoded.Run.Of("a").StateType);
    }

    [Fact]
    public void A_document_of_another_flow_is_rejected()
    {
        var other = new TestFlow("other").Task("a");
        var error = Assert.Throws<FlowException>(() => FlowStateReader.Read(new TestFlow("mine").Task("a").Flow, FlowStateWriter.Write(other.RunAll())));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.StartsWith("The state document belongs to flow 'other', not to 'mine'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_missing_in_the_document_is_pending() =>
        Assert.Equal(StateType.Pending, Read(new TestFlow().Task("a").Task("new"), """[{"slug":"a","type":"Success"}]""").Run.Of("new").StateType);

    [Theory]
    [MemberData(nameof(SeedRun.Budgets), MemberType = typeof(SeedRun))]
    public void Every_document_of_the_reference_run_is_read_as_it_was_meant(int budget)
    {
        foreach (var iteration in SeedRun.Steps(budget))
        {
            var encoded = iteration.GetProperty("encoded_after_mock");
            var decoded = Read(SeedFlow.Make(), encoded.GetRawText());
            Assert.Empty(decoded.Warnings);
            foreach (var pair in encoded.EnumerateArray())
            {
                var task = decoded.Run.Of(pair.GetProperty("task").GetProperty("slug").GetString()!);
                Assert.Equal(pair.GetProperty("state").GetProperty("type").GetString(), task.StateType.Name());
                Assert.Equal(pair.GetProperty("state").GetProperty("message").GetString(), task.Message);
            }
        }
    }

    [Fact]
    public void Every_state_that_the_reference_engine_reads_is_read_and_every_one_it_refuses_is_refused()
    {
        foreach (var row in ConformanceData.Read("states.json").GetProperty("deserialize").EnumerateObject())
        {
            var document = $$"""[{"task":{"slug":"a"},"state":{{row.Value.GetProperty("doc").GetRawText()}}}]""";
            if (row.Value.GetProperty("ok").GetBoolean())
            {
                Assert.Equal(row.Value.GetProperty("type").GetString(), Read(new TestFlow().Task("a"), document).Run.Of("a").StateType.Name());
            }
            else if (!row.Name.StartsWith("Submitted", StringComparison.Ordinal))
            {
                var error = Assert.Throws<FlowException>(() => Read(new TestFlow().Task("a"), document));
                Assert.Equal(FlowErrorId.StateInvalid, error.Id);
            }
        }
    }

    private static DecodedState Read(TestFlow flow, string document) => FlowStateReader.Read(flow.Flow, Encoding.UTF8.GetBytes(document));
}
