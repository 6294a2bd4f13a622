using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>An object of a run's record that cannot be read: the error says which, or the object is one that is written again.</summary>
public class DamagedRecordTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    public static TheoryData<string, string> Damages { get; } = new(
        from place in new[] { "/head.json", "/checkpoints/0000000002-", "/journal/0000000004.json", "/open/run.json" }
        from content in new[] { "", "{", "[]", "5" }
        select (place, content));

    [Theory]
    [MemberData(nameof(Damages))]
    public void A_step_rejects_a_damaged_run_and_names_the_object(string place, string content)
    {
        TakeStepAndDieInTheNext();
        var path = Paths().Single(path => path.Contains(place, StringComparison.Ordinal));
        _store.WriteAll(path, System.Text.Encoding.UTF8.GetBytes(content), CancellationToken.None);

        var error = Assert.Throws<FlowException>(() => Make(_store).Recorded().Step("run"));

        Assert.Equal(FlowErrorId.RunDamaged, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_damaged_segment_before_the_checkpoint_blocks_no_step_and_repeats_no_body(bool isNewest, bool isGone)
    {
        TestFlow Chain()
        {
            var flow = new TestFlow(options: new() { Store = _store }, journal: new() { MaxTail = 2, KeptOpenings = 1 });
            for (var i = 0; i < 30; i++)
                flow.Add(new($"t{i}", TestFlow.Body(_ => null)) { After = i == 0 ? [] : [$"t{i - 1}"] });
            return flow;
        }

        for (var step = 0; step < 10; step++)
            Chain().Recorded(maxTasks: 1).Step("run");
        string[] segments = [.. Paths().Where(path => path.Contains("/segments/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        var damaged = isNewest ? segments[^1] : segments[0];
        if (isGone)
            _store.DeleteAsync(damaged, null, CancellationToken.None).Wait();
        else
            _store.WriteAll(damaged, [1, 2], CancellationToken.None);

        var ran = new List<string>();
        FlowState? run = null;
        while (run is not { IsOver: true })
        {
            var flow = Chain();
            try
            {
                run = flow.Recorded(maxTasks: 1).Step("run");
                ran.AddRange(flow.Ran);
            }
            catch (FlowException e) when (e.Id == FlowErrorId.RunDamaged && isNewest) // it has what the checkpoint does not include, too: that is told before a body runs
            {
                Assert.Contains(damaged, e.Message, StringComparison.Ordinal);
                Assert.Empty(flow.Ran);
                return;
            }
        }

        Assert.Equal(Enumerable.Range(10, 20).Select(i => $"t{i}"), ran);
        Assert.Equal(StateType.Success, run.StateType);
        var error = Assert.Throws<FlowException>(() => RunHistory.Find(_store, "flow", "run"));
        Assert.Equal(FlowErrorId.RunDamaged, error.Id);
        Assert.Contains(damaged, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_value_of_a_wrong_kind_is_detected()
    {
        TakeStepAndDieInTheNext();
        string[] read = ["/journal/0000000003.json", "/journal/0000000004.json", "/checkpoints/0000000002-"];
        foreach (var path in Paths().Where(path => read.Any(part => path.Contains(part, StringComparison.Ordinal))).ToArray())
        {
            var whole = _store.ReadAll(path, CancellationToken.None)!;
            var isPacked = path.EndsWith(".gz", StringComparison.Ordinal);
            foreach (var field in new[] { "base", "run", "flow", "tasks" })
            {
                var content = JsonNode.Parse(isPacked ? Packing.Gunzip(whole) : whole)!.AsObject();
                if (content[field] is not (JsonObject or JsonArray))
                    continue;
                content[field] = 5;
                var bytes = System.Text.Encoding.UTF8.GetBytes(content.ToJsonString());
                _store.WriteAll(path, isPacked ? PackedJson.Of(json => json.WriteRawValue(bytes, skipInputValidation: true)).Content : bytes, CancellationToken.None);
                Assert.Equal((path, field, FlowErrorId.RunDamaged), (path, field, Assert.Throws<FlowException>(() => Make(_store).Recorded().Step("run")).Id));
            }

            _store.WriteAll(path, whole, CancellationToken.None);
        }

        Assert.Equal(StateType.Success, Make(_store).Recorded().Step("run").StateType);
    }

    [Theory]
    [InlineData("record")]
    [InlineData("holder")]
    [InlineData("step")]
    [InlineData("history")]
    [InlineData("tasks")]
    public void A_record_without_required_properties_is_not_an_empty_one(string field) =>
        AssertRecordRefused(record => Assert.True(record.Remove(field)), $"the record has no '{field}'");

    [Fact]
    public void A_record_at_the_path_of_another_is_rejected() =>
        AssertRecordRefused(record => record["record"] = 3, "the record has the number 3, and the place of number 4");

    [Theory]
    [InlineData("record", "\"4\"", "an integer was expected, not a string")]
    [InlineData("record", "0", "an integer from 1 to 2147483647 was expected")]
    [InlineData("holder", "4", "a string was expected, not a number")]
    [InlineData("step", "-1", "an integer from 0 to 2147483647 was expected")]
    [InlineData("base", "5", "an object was expected, not a number")]
    [InlineData("base", """{"merged":-1}""", "an integer from 0 to 2147483647 was expected")]
    [InlineData("base", """{"checkpoint":[]}""", "an object was expected, not an array")]
    [InlineData("resets", "1", "true or false was expected, not a number")]
    [InlineData("resetsAfter", "1", "true or false was expected, not a number")]
    [InlineData("opens", "true", "an object was expected, not a boolean")]
    [InlineData("closes", "1", "true or false was expected, not a number")]
    [InlineData("history", "{}", "an array of changes was expected, not an object")]
    [InlineData("tasks", "{}", "an array of tasks was expected, not an object")]
    public void A_record_with_a_property_of_a_wrong_kind_is_rejected(string field, string value, string fault) =>
        AssertRecordRefused(record => record[field] = JsonNode.Parse(value), fault);

    [Theory]
    [InlineData("/head.json", false)]
    [InlineData("/open/run.json", false)]
    [InlineData("/checkpoints/0000000002-", true)]
    [InlineData("/journal/0000000004.json", true)]
    public void A_list_of_runs_has_all_readable_ones_and_reports_damage(string place, bool isListed)
    {
        TakeStepAndDieInTheNext();
        var path = Paths().Single(path => path.Contains(place, StringComparison.Ordinal));
        _store.WriteAll(path, [.. "{"u8], CancellationToken.None);
        Make(_store).Recorded().Step("other");
        var faults = new List<FlowException>();

        var runs = new RunIndex(new(_store)).AllRuns(flow: null, faults.Add);

        Assert.Equal(isListed ? ["other", "run"] : ["other"], runs.Select(run => run.RunId).Order(StringComparer.Ordinal));
        Assert.Contains(path, Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_of_a_finished_run_is_restored()
    {
        var flow = Make(_store);
        var run = flow.Recorded().Step("run");
        _store.WriteAll(_store.Incarnation().Done, [.. "{"u8], CancellationToken.None);

        flow.Recorded().Step(run.Change((_, state) => state.Reset(null)));

        Assert.Equal((StateType.Success, 2), _store.AllRuns().Select(each => (each.StateType, each.Step)).Single());
    }

    private void AssertRecordRefused(Action<JsonObject> damage, string fault)
    {
        TakeStepAndDieInTheNext();
        var path = _store.Incarnation().Record(4);
        var record = JsonNode.Parse(_store.ReadAll(path, CancellationToken.None)!)!.AsObject();
        damage(record);
        _store.WriteAll(path, System.Text.Encoding.UTF8.GetBytes(record.ToJsonString()), CancellationToken.None);

        var error = Assert.Throws<FlowException>(() => Make(_store).Recorded().Step("run"));

        Assert.Equal(FlowErrorId.RunDamaged, error.Id);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    private void TakeStepAndDieInTheNext()
    {
        Make(_store).Recorded(maxTasks: 1).Step("run");
        var killed = new InterruptedStore(_store, "/journal/0000000005", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(killed).Recorded(maxTasks: 2, durability: FlowDurability.Task).Step("run"));
    }

    private IEnumerable<string> Paths() => _store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path);

    private static TestFlow Make(IFlowStore store) => new TestFlow(options: new() { Store = store }).Task("a").Task("b", "a").Task("c", "b");
}
