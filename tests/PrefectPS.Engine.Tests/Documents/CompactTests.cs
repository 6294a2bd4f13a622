using System.Text;
using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Documents;

public class CompactTests
{
    [Fact]
    public void Any_run_comes_back_from_its_compact_document_but_for_times() => AnyStates.Gen.Array[1, 12].Sample(states =>
    {
        foreach (var bySlug in new[] { false, true })
        {
            var (flow, run) = AnyStates.RunOf(states);
            var decoded = Read(flow.Flow, CompactWriter.Write(run, bySlug));
            Assert.Equal((run.RunId, run.Step, run.StartTime), (decoded.RunId, decoded.Step, decoded.StartTime));
            AnyStates.AssertSame(run, decoded, withTimes: false);
        }
    });

    [Fact]
    public void With_them_included_times_come_back_to_the_millisecond() => AnyStates.Gen.Array[1, 12].Sample(states =>
    {
        var (flow, run) = AnyStates.RunOf(states);
        AnyStates.AssertSame(run, Read(flow.Flow, CompactWriter.Write(run, includeTimes: true)), withTimes: true);
    });

    [Fact]
    public void Children_subflows_loops_retries_results_and_errors_come_back()
    {
        var inner = new TestFlow("inner").Task("x", _ => 1).Task("y", _ => throw new InvalidOperationException("no luck"));
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2, 3, 4 });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value is 3 ? throw new InvalidOperationException("three") : arguments[0].Value)) { Map = [new("n", "list")] });
        flow.Flow.Add(new("sub", null) { Subflow = inner.Flow });
        flow.Add(new("again", TestFlow.Body(_ => throw new InvalidOperationException("again"))) { Retry = new() { MaxRetries = 3, Delays = [TimeSpan.FromHours(1)] } });
        var run = flow.Step(flow.New());
        foreach (var bySlug in new[] { false, true })
            Assert.Equal(Describe(run), Describe(Read(flow.Flow, CompactWriter.Write(run, bySlug))));
    }

    [Fact]
    public void A_map_over_nothing_and_a_flow_without_tasks_come_back()
    {
        var flow = new TestFlow().Task("list", _ => Array.Empty<object>());
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("n", "list")] });
        foreach (var run in new[] { flow.RunAll(), new TestFlow().New() })
        {
            foreach (var bySlug in new[] { false, true })
                Assert.Equal(Describe(run), Describe(Read(run.Flow, CompactWriter.Write(run, bySlug))));
        }
    }

    [Fact]
    public void The_expected_duration_of_children_still_to_run_is_kept()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 3, 2, 4 });
        flow.Add(new("each", TestFlow.Body(arguments =>
        {
            flow.Clock.Advance(TimeSpan.FromMinutes((int)arguments[0].Value!));
            return null;
        }))
        { Map = [new("n", "list")] });
        var run = Read(flow.Flow, CompactWriter.Write(flow.Step(flow.New(), maxTasks: 4)));
        Assert.Equal([null, TimeSpan.FromMinutes(3), null, null], run.Of("each").Children.Select(child => child.Duration));
    }

    [Fact]
    public void A_hundred_thousand_finished_tasks_fit_into_one_queue_message()
    {
        const int count = 100_000;
        var run = Finished(count, i => i % 10 == 3 ? new(StateType.Skipped, StateMessages.UpstreamSkipped) : new(StateType.Success, StateMessages.Succeeded));
        var document = CompactWriter.Write(run);
        TestContext.Current.SendDiagnosticMessage($"{document.Length} bytes");
        Assert.True(document.Length < 64 * 1024, $"{document.Length} bytes");
        Assert.Equal(run.Types(), Read(run.Flow, document).Types());
    }

    [Fact]
    public void A_finished_task_takes_less_than_two_bytes_whatever_order_their_ends_came_in()
    {
        const int count = 10_000;
        var chance = new Random(1);
        State[] kinds = [new(StateType.Success, StateMessages.Succeeded), new(StateType.Skipped, StateMessages.UpstreamSkipped), new(StateType.Failed, "no luck"),
            new(StateType.Cached, "was there")];
        var document = CompactWriter.Write(Finished(count, _ => kinds[chance.Next(kinds.Length)]));
        TestContext.Current.SendDiagnosticMessage($"{(double)document.Length / count} bytes a task");
        Assert.True(document.Length < 2 * count, $"{document.Length} bytes");
    }

    [Fact]
    public void Locations_of_results_share_one_template()
    {
        const int count = 10_000;
        var store = MemoryStore.Named("compact");
        var flow = Many(count, new() { Store = store });
        var run = FlowState.New(flow.Flow).Change((task, _) =>
            new(StateType.Success, StateMessages.Succeeded) { Result = TaskResult.At($"runs/f/{task.Slug}.json", null, flow.Flow.Results) });
        var document = CompactWriter.Write(run);
        Assert.True(document.Length < 2 * count, $"{document.Length} bytes");
        Assert.Equal(run.Tasks.Select(task => task.ResultLocation), Read(flow.Flow, document).Tasks.Select(task => task.ResultLocation));
    }

    [Fact]
    public void Any_written_document_is_read_however_well_it_compresses()
    {
        var content = new byte[64 * 1024 * 1024];
        Assert.True(Packing.Limit(content.Length / 1000) < content.Length);
        Assert.Equal(content.Length, Packing.Inflate(Packing.Deflate(content)).Length);
    }

    [Fact]
    public void A_changed_flow_is_rejected_with_a_remedy()
    {
        var document = CompactWriter.Write(new TestFlow("f").Task("a").Task("b").RunAll());
        var error = Assert.Throws<FlowException>(() => Read(new TestFlow("f").Task("a").Task("c").Flow, document));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Equal(
            "The state document is compact and identifies tasks by position, so it can only be read with exactly the flow for which it was written. Flow 'f' has changed since. To allow changes of the flow, write it with ConvertFrom-FlowState -Compact -MatchBySlug, or without -Compact.",
            error.Message);
        error = Assert.Throws<FlowException>(() => Read(new TestFlow("other").Task("a").Task("b").Flow, document));
        Assert.Contains("It belongs to flow 'f', not to 'other'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_slugs_a_changed_flow_can_read_the_document()
    {
        var document = CompactWriter.Write(new TestFlow("f").Task("a").Task("b").RunAll(), matchBySlug: true);
        var decoded = StateDocument.Read(new TestFlow("f").Task("b").Task("c").Flow, document, ReadingOptions.Default);
        Assert.Equal([StateType.Success, StateType.Pending], decoded.Run.Types());
        Assert.Equal(
            ["Task 'a' in the state document is not in flow 'f'; its state Success is ignored.", "Flow 'f' has changed since the state document was written: new: c; gone: a."],
            decoded.Warnings);
    }

    [Fact]
    public void With_slugs_another_flow_still_cannot_read_the_document()
    {
        var document = CompactWriter.Write(new TestFlow("f").Task("a").RunAll(), matchBySlug: true);
        var error = Assert.Throws<FlowException>(() => Read(new TestFlow("other").Task("a").Flow, document));
        Assert.StartsWith("The state document belongs to flow 'f', not to 'other'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_a_compact_document_names_its_envelopes()
    {
        var document = CompactText.Write([.. "[]"u8], keys: null);
        var error = Assert.Throws<FlowException>(() => StateDocument.Read(new TestFlow().Task("a").Flow, document, new() { Inside = "Base64 of a Pub/Sub message" }));
        Assert.Contains("inside the compact document of Base64 of a Pub/Sub message", error.Message, StringComparison.Ordinal);
    }

    // Retried tasks have individual entries, the others share a template.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Results_come_back_from_the_stores_of_their_tasks_and_in_their_formats(int attempt)
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        ITaskBody Body(string value) => TestFlow.Body((context, _) => context.RunCount < attempt ? throw new InvalidOperationException("again") : value);
        var retry = new RetryPolicy { MaxRetries = 1 };
        flow.Add(new("own", Body("1")) { Store = RecordedFlowExtensions.NewStore(), Serializer = "text", Target = "own.json", Retry = retry })
            .Add(new("inherited", Body("2")) { Serializer = "text", Target = "inherited.json", Retry = retry });
        var run = flow.RunAll();
        foreach (var decoded in new[] { Read(flow.Flow, CompactWriter.Write(run)), flow.Travel(run) })
            Assert.Equal(["1", "2"], decoded.Tasks.Select(task => task.Result));
    }

    [Fact]
    public void Unknown_fields_of_a_shape_are_ignored()
    {
        var flow = new TestFlow().Task("a").Flow;
        var content = $$"""{"flow":{"fingerprint":"{{flow.Plan.Fingerprint}}"},"states":"a","shapes":[{"later":{"type":"Failed"},"more":[{}],"type":"Success"}]}""";
        Assert.Equal(StateType.Success, Read(flow, CompactText.Write(Encoding.UTF8.GetBytes(content), keys: null)).Of("a").StateType);
    }

    [Theory]
    [InlineData("results/{slug}/{slug}.json")]
    [InlineData("results/other.json")]
    [InlineData("results/%s.json")]
    [InlineData("{slug}.json")]
    public void Results_at_any_location_come_back(string place)
    {
        var flow = Many(8, new() { Store = RecordedFlowExtensions.NewStore() });
        var run = FlowState.New(flow.Flow).Change((task, _) => new(StateType.Success, StateMessages.Succeeded)
        {
            Result = TaskResult.At(place.Replace("{slug}", task.Slug, StringComparison.Ordinal), null, flow.Flow.Results),
        });
        Assert.Equal(run.Tasks.Select(task => task.ResultLocation), Read(flow.Flow, CompactWriter.Write(run)).Tasks.Select(task => task.ResultLocation));
    }

    [Fact]
    public void A_compact_document_is_text_safe_for_any_channel() =>
        Assert.Matches("^pfs1\\.[A-Za-z0-9_-]+$", Encoding.UTF8.GetString(CompactWriter.Write(new TestFlow().Task("a", _ => "äöü €").RunAll())));

    [Theory]
    [InlineData("pfs1.", "the document has no")]
    [InlineData("pfs1.x", "what follows is not Base64")]
    [InlineData("pfs1.!!!!", "what follows is not Base64")]
    [InlineData("pfs1.AAAA.BBBB", "has not the parts of one")]
    [InlineData("pfs1.AAAAAAAA", "cannot be read")]
    public void A_damaged_compact_document_is_one_error(string document, string fault)
    {
        var error = Assert.Throws<FlowException>(() => Read(new TestFlow().Task("a").Flow, Encoding.UTF8.GetBytes(document)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        if (document.Length > 5)
            Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"states\":\"a\"}", "there is no shape 'a'")]
    [InlineData("{\"states\":\"a2\",\"shapes\":[{\"type\":\"Success\"}]}", "there are 2 states of 1 tasks")]
    [InlineData("{\"states\":\"a999999999999999999999\"}", "there are more than 2000000 tasks")]
    [InlineData("{\"states\":\"a2000000a\"}", "there are more than 2000000 tasks")]
    [InlineData("{\"states\":\"a\",\"shapes\":[{\"message\":\"m\"}]}", "the shape has no type")]
    [InlineData("{\"states\":\"a\",\"shapes\":[{\"type\":\"Success\",\"values\":true}]}", "a column has too few values")]
    [InlineData("{\"entries\":[]}", "the letters of the states were expected before the entries")]
    [InlineData("{\"states\":\"a\",\"entries\":[{}]}", "more entries than states without a shape")]
    [InlineData("{\"states\":\"*\",\"entries\":[{}]}", "the entry has no state")]
    [InlineData("{\"states\":\"*\",\"entries\":[{\"state\":{\"type\":\"Frobbed\"}}]}", "'Frobbed' is not a state type")]
    [InlineData("{\"states\":\"a\",\"times\":[1]}", "a number of milliseconds was expected")]
    [InlineData("{\"states\":\"a\",\"times\":[2147483647000,2147483647000]}", "the time is out of range")]
    [InlineData("{\"states\":\"*\",\"entries\":[{\"state\":{\"type\":\"Mapped\",\"n_map_states\":3},\"children\":{\"states\":\"aa\",\"shapes\":[{\"type\":\"Success\"}]}}]}",
        "the task has 2 children, and its n_map_states says 3")]
    [InlineData("[]", "an object was expected")]
    [InlineData("{\"states\":\"a\",\"shapes\":[{\"type\":\"Success\"}]}{}", "it is not JSON")]
    public void Inconsistent_content_is_one_error(string content, string fault)
    {
        var flow = new TestFlow().Task("a").Flow;
        if (content.StartsWith("{\"", StringComparison.Ordinal))
            content = $"{{\"flow\":{{\"fingerprint\":\"{flow.Plan.Fingerprint}\"}},{content[1..]}";
        var error = Assert.Throws<FlowException>(() => Read(flow, CompactText.Write(Encoding.UTF8.GetBytes(content), null)));
        Assert.Equal(FlowErrorId.StateInvalid, error.Id);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains("inside the compact document", error.Message, StringComparison.Ordinal);
    }

    private static FlowState Read(Flow flow, byte[] document)
    {
        var decoded = StateDocument.Read(flow, document, ReadingOptions.Default);
        Assert.Empty(decoded.Warnings);
        return decoded.Run;
    }

    private static FlowState Finished(int count, Func<int, State> state) => FlowState.New(Many(count, new()).Flow).Change((task, _) => state(task.Index));

    private static TestFlow Many(int count, FlowOptions options)
    {
        var flow = new TestFlow(options: options);
        for (var i = 0; i < count; i++)
            flow.Task($"task{i}");
        return flow;
    }

    private static string Describe(FlowState run) =>
        $"{run.RunId} {run.Step} {run.State} {run.Message}\n" + string.Join('\n', run.Tasks.SelectMany(t => t.Children.Prepend(t)).Select(t =>
        $"{t.Slug} {t.State} {t.Message} {TaskSpec.Show(t.Result)} {t.Error} {t.RunCount} {t.Inner.DueTime} {(t.Subflow is { } subflow ? $"{{{Describe(subflow)}}}" : "")}"));
}
