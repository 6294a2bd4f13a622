using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;

namespace PrefectPS.Engine.Tests.Documents;

/// <summary>A value of the wrong kind is one error with its position.</summary>
public class WrongKindTests
{
    private static readonly string[] Free = [DocumentKeys.Parameters, DocumentKeys.Value, DocumentKeys.Values, "tags"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_number_instead_of_an_object_or_array_is_an_error_at_its_position(bool isForPrefect)
    {
        var run = Make();
        var document = JsonNode.Parse(isForPrefect ? PrefectWriter.Write(run) : FlowStateWriter.Write(run))!;
        var places = Places(document).ToArray();
        Assert.InRange(places.Length, 20, 200);

        Assert.All(places, place =>
        {
            var error = Assert.Throws<FlowException>(() => FlowStateReader.Read(run.Flow, Encoding.UTF8.GetBytes(With(document, place, "5"))));
            Assert.Equal((FlowErrorId.StateInvalid, place), (error.Id, error.Target));
            Assert.Contains(" was expected, not a number", error.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_a_compact_document_too_a_number_instead_of_an_object_or_array_is_an_error(bool matchBySlug)
    {
        var run = Make();
        var document = JsonNode.Parse(CompactWriter.Content(run, matchBySlug, includeTimes: true))!;
        var places = Places(document).ToArray();
        Assert.InRange(places.Length, 20, 200);

        Assert.All(places, place =>
        {
            var content = CompactText.Write(Encoding.UTF8.GetBytes(With(document, place, "5")), keys: null);
            var error = Assert.Throws<FlowException>(() => StateDocument.Read(run.Flow, content, ReadingOptions.Default));
            Assert.Equal((FlowErrorId.StateInvalid, place), (error.Id, error.Target));
            Assert.Contains(" was expected, not a number", error.Message, StringComparison.Ordinal);
        });
    }

    private static IEnumerable<string> Places(JsonNode? node)
    {
        if (node is not (JsonArray or JsonObject))
            yield break;
        var isSummary = node.GetPath() == "$.state" || node.GetPath().EndsWith(".subflow.state", StringComparison.Ordinal); // for who looks at it; not read
        if (!isSummary)
            yield return node.GetPath();
        var inner = node is JsonArray array ? array : ((JsonObject)node).Where(field => !Free.Contains(field.Key)).Select(field => field.Value);
        foreach (var place in inner.SelectMany(Places))
            yield return place;
    }

    private static string With(JsonNode? node, string place, string value) =>
        node is null ? "null"
        : node.GetPath() == place ? value
        : node is JsonArray array ? $"[{string.Join(',', array.Select(element => With(element, place, value)))}]"
        : node is JsonObject fields ? $"{{{string.Join(',', fields.Select(field => $"{JsonSerializer.Serialize(field.Key)}:{With(field.Value, place, value)}"))}}}"
        : node.ToJsonString();

    // With everything a document can hold.
    private static FlowState Make()
    {
        var inner = new TestFlow("inner").Task("x", _ => 1).Task("y", _ => throw new InvalidOperationException("no luck"));
        var flow = new TestFlow(options: new() { Parameters = new ParameterDefaults([new("p", 1)]) }).Task("list", _ => new object[] { 1, 2, 3 });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value is 3 ? throw new InvalidOperationException("three") : arguments[0].Value)) { Map = [new("n", "list")] });
        flow.Flow.Add(new("sub", null) { Subflow = inner.Flow });
        flow.Add(new("again", TestFlow.Body(_ => throw new InvalidOperationException("again"))) { Retry = new() { MaxRetries = 3, Delays = [TimeSpan.FromHours(1)] } });
        flow.Add(new("later", TestFlow.Body(_ => 1)) { Delay = TimeSpan.FromHours(1) });
        flow.Add(new("secret", TestFlow.Body(_ => "secret")) { IsSensitive = true });
        return flow.Step(flow.New());
    }
}
