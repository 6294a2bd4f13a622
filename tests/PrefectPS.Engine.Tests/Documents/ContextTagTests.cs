using System.Text;
using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>The tags in a state's context: the task's own are not kept per state, foreign ones are preserved.</summary>
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
    public void Tags_of_the_task_are_distinguished_from_foreign_tags(string tags, bool areOfTask)
    {
        var flow = new TestFlow().Add(new("a", TestFlow.Body(_ => null)) { Tags = ["large", "nightly"] }).Flow;
        var document = """[{"task":{"slug":"a"},"state":{"type":"Success","context":{"tags":?}}}]""".Replace("?", tags, StringComparison.Ordinal);

        var run = FlowStateReader.Read(flow, Encoding.UTF8.GetBytes(document)).Run;

        Assert.Equal(areOfTask, run.States[0].Prefect is null);
        Assert.Equal(tags, JsonNode.Parse(PrefectWriter.Write(run))![0]!["state"]!["context"]!["tags"]!.ToJsonString());
    }

    [Fact]
    public void Tags_of_an_unknown_task_are_no_fault()
    {
        const string document = """[{"task":{"slug":"gone"},"state":{"type":"Success","context":{"tags":["nightly"]}}},{"slug":"a","type":"Success"}]""";

        var decoded = FlowStateReader.Read(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document));

        Assert.Contains("Task 'gone'", Assert.Single(decoded.Warnings), StringComparison.Ordinal);
    }
}
