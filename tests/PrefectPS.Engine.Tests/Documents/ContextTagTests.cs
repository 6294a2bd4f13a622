using System.Text;
using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>The tags in a state's context: those of its task are not kept with each state, others go on with it as they came.</summary>
public class ContextTagTests
{
    [Theory]
    [InlineData("""["large","nightly"]""", true)]
    [InlineData("""["nightly","large"]""", false)]
    [InlineData("""["nightly"]""", false)]
    [InlineData("""["large","nightly","more"]""", false)]
    [InlineData("""["large","nightly",7]""", false)]
    [InlineData("""[["large","nightly"]]""", false)]
    [InlineData("""{"nightly":"large"}""", false)]
    [InlineData("[]", false)]
    public void Those_of_the_task_are_told_from_others(string tags, bool areOfTask)
    {
        var flow = new TestFlow().Add(new("a", TestFlow.Body(_ => null)) { Tags = ["large", "nightly"] }).Flow;
        var document = """[{"task":{"slug":"a"},"state":{"type":"Success","context":{"tags":?}}}]""".Replace("?", tags, StringComparison.Ordinal);

        var run = FlowStateReader.Read(flow, Encoding.UTF8.GetBytes(document)).Run;

        Assert.Equal(areOfTask, run.States[0].Prefect is null);
        Assert.Equal(tags, JsonNode.Parse(PrefectWriter.Write(run))![0]!["state"]!["context"]!["tags"]!.ToJsonString());
    }

    [Fact]
    public void Those_of_a_task_that_the_flow_does_not_have_are_no_fault()
    {
        const string document = """[{"task":{"slug":"gone"},"state":{"type":"Success","context":{"tags":["nightly"]}}},{"slug":"a","type":"Success"}]""";

        var decoded = FlowStateReader.Read(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document));

        Assert.Contains("Task 'gone'", Assert.Single(decoded.Warnings), StringComparison.Ordinal);
    }
}
