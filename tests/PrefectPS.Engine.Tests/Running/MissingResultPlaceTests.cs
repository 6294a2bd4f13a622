using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Mapped tasks without children and results that are not there, in maps, maps over maps and subflows.</summary>
public class MissingResultPlaceTests
{
    [Theory]
    [InlineData(DocumentForm.Json, 1)]
    [InlineData(DocumentForm.Json, 9)]
    [InlineData(DocumentForm.Prefect, 1)]
    [InlineData(DocumentForm.Prefect, 9)]
    public void A_mapped_task_in_a_subflow_without_children_in_the_document_is_mapped_again(DocumentForm form, int maxTasks)
    {
        var inner = new TestFlow("inner")
            .Task("list", _ => new object[] { 1, 2 })
            .Add(new("t", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] })
            .Add(new("all", TestFlow.Body(arguments => ((object?[])arguments[0].Value!).Length)) { InputFrom = [new("x", "t")] });
        var flow = new TestFlow().Add(new("s", null) { Subflow = inner.Flow }).Task("after", "s");
        var document = Write(form, flow.Step(flow.New(), maxTasks: 3, reset: true));
        Assert.Equal(1, RemoveChildren(document, ofTask: "t"));
        var run = StateDocument.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), ReadingOptions.Default).Run;

        Assert.True(run.HasPending);
        Assert.Equal((StateType.Mapped, false), (run.Of("s").Subflow!.Of("t").StateType, run.Of("s").Subflow!.Of("t").IsFinished));
        run = form.RunInSteps(flow, maxTasks, run);
        Assert.Equal((StateType.Success, 2), (run.StateType, Convert.ToInt32(run.Of("s").Result)));
        Assert.Equal(["list", "t", "t", "t", "t", "all"], inner.Ran);
    }

    [Theory]
    [InlineData(Place.MapChild)]
    [InlineData(Place.MapOverMap)]
    [InlineData(Place.SubflowInMap)]
    [InlineData(Place.MapInSubflow)]
    [InlineData(Place.MapInSubflowInMap)]
    public void A_wrong_number_of_children_is_rejected_with_its_position(Place place)
    {
        var placed = new PlacedTask(place, (_, _) => 1);
        var document = Write(DocumentForm.Json, placed.Flow.RunAll()).ToJsonString().Replace("\"n_map_states\":2", "\"n_map_states\":3", StringComparison.Ordinal);
        var error = Assert.Throws<FlowException>(() => StateDocument.Read(placed.Flow.Flow, System.Text.Encoding.UTF8.GetBytes(document), ReadingOptions.Default));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains("tasks[", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DocumentForm.Json, 1)]
    [InlineData(DocumentForm.Json, 9)]
    [InlineData(DocumentForm.Compact, 1)]
    [InlineData(DocumentForm.Prefect, 1)]
    public void In_a_map_over_a_map_a_missing_result_is_null(DocumentForm form, int maxTasks)
    {
        var flow = new TestFlow()
            .Task("list", _ => new object[] { 1, 2, 3, 4 })
            .Add(new("first", TestFlow.Body(arguments => Convert.ToInt32(arguments[0].Value) switch
            {
                2 => throw RecordingHandler.Signal(StateType.Success, "done"),
                3 => throw RecordingHandler.Signal(StateType.Skipped, "skip"),
                4 => null,
                _ => "one",
            }))
            { Map = [new("x", "list")] })
            .Add(new("second", TestFlow.Body(arguments => $"<{arguments[0].Value}>")) { Map = [new("x", "first")], SkipOnUpstreamSkip = false })
            .Add(new("third", TestFlow.Body(arguments => $"<{arguments[0].Value}>")) { Map = [new("x", "first")] })
            .Add(new("all", TestFlow.Body(arguments => ((object?[])arguments[0].Value!).Length)) { InputFrom = [new("x", "first")], SkipOnUpstreamSkip = false });
        var run = form.RunInSteps(flow, maxTasks);

        Assert.Equal(["<one>", "<>", "<>", "<>"], run.Of("second").Children.Select(child => child.Result));
        Assert.Equal([StateType.Success, StateType.Success, StateType.Skipped, StateType.Success], run.Of("third").Children.Select(child => child.StateType));
        Assert.Equal(4, Convert.ToInt32(run.Of("all").Result));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Mapping_over_a_task_that_failed_to_map_fails_alone_and_has_no_children_next_to_a_list(int maxTasks)
    {
        foreach (var form in Enum.GetValues<DocumentForm>())
        {
            var flow = new TestFlow()
                .Task("list", _ => new object[] { 1, 2 })
                .Add(new("signal", TestFlow.Body(_ => throw RecordingHandler.Signal(StateType.Success, "done"))))
                .Add(new("first", TestFlow.Body(_ => 1)) { Map = [new("x", "signal")] })
                .Add(new("alone", TestFlow.Body(_ => 1)) { Map = [new("x", "first")], Trigger = PrefectPS.Triggers.Trigger.Find("all_finished")! })
                .Add(new("beside", TestFlow.Body(_ => 1)) { Map = [new("x", "list"), new("y", "first")], Trigger = PrefectPS.Triggers.Trigger.Find("all_finished")! })
                .Add(new("behind", TestFlow.Body(_ => 1)) { Map = [new("x", "beside")] });
            var run = form.RunInSteps(flow, maxTasks);

            Assert.Equal((StateType.Failed, StateMessages.Unmappable), (run.Of("first").StateType, run.Of("first").Message));
            Assert.Equal((StateType.Failed, StateMessages.NothingToMap), (run.Of("alone").StateType, run.Of("alone").Message));
            Assert.Equal((StateType.Mapped, 0), (run.Of("beside").StateType, run.Of("beside").Children.Count));
            Assert.Equal((StateType.Mapped, 0), (run.Of("behind").StateType, run.Of("behind").Children.Count));
        }
    }

    [Fact]
    public void Missing_child_results_are_null_with_one_warning_per_consumer()
    {
        var told = new List<string>();
        var flow = new TestFlow()
            .Task("list", _ => new object[] { 1, 2, 3 })
            .Add(new("first", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] })
            .Add(new("second", TestFlow.Body(arguments => $"<{arguments[0].Value}>")) { Map = [new("x", "first")] });
        var document = Write(DocumentForm.Json, flow.Step(flow.New(), maxTasks: 4, reset: true));
        foreach (var child in document["tasks"]![1]!["children"]!.AsArray())
        {
            var state = child!["state"]!.AsObject();
            foreach (var key in state.Select(field => field.Key).Where(key => key is not "type" and not "message").ToList())
                state.Remove(key);
            child.AsObject().Remove("time");
        }

        var run = StateDocument.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), ReadingOptions.Default).Run;
        run = StepRunner.Run(run, new() { Notices = new Notices(told) }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["<>", "<>", "<>"], run.Of("second").Children.Select(child => child.Result));
        Assert.Equal([StateMessages.ResultUnknown("second", "first")], told);
    }

    private static JsonNode Write(DocumentForm form, FlowState run) =>
        JsonNode.Parse(form == DocumentForm.Prefect ? PrefectWriter.Write(run) : FlowStateWriter.Write(run))!;

    // Removes the children of the mapped task; returns of how many.
    private static int RemoveChildren(JsonNode? node, string ofTask) => node switch
    {
        JsonArray items => items.Sum(item => RemoveChildren(item, ofTask)),
        JsonObject fields when IsOf(fields, ofTask) =>
            fields.Remove("children") || fields["state"]!["context"]?["prefectps"]?.AsObject().Remove("children") == true ? 1 : 0,
        JsonObject fields => fields.Sum(field => RemoveChildren(field.Value, ofTask)),
        _ => 0,
    };

    private static bool IsOf(JsonObject entry, string task) =>
        (entry["task"] as JsonObject)?["slug"]?.GetValue<string>() == task || (entry["slug"] as JsonValue)?.ToString() == task;
}
