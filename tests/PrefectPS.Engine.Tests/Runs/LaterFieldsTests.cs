using System.Text.Json.Nodes;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A record in which every object has fields that this version does not know, of any shape: what it does know is read as without them.</summary>
public class LaterFieldsTests
{
    private static readonly string[] OfUsers = [DocumentKeys.Parameters, DocumentKeys.Value];

    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void Properties_of_a_later_version_are_ignored()
    {
        TakeStepAndDieInTheNext();
        var (runs, run, outline, history) = (Runs(), Read(), Outline(), History());
        Assert.NotEmpty(history);

        AddFields();

        Assert.Equal(runs, Runs());
        Assert.Equal(run, Read());
        Assert.Equal(outline, Outline());
        Assert.Equal(history, History());
        var flow = Make(_store);
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(["last"], flow.Ran);
    }

    [Fact]
    public void Properties_of_a_later_version_are_ignored_in_a_lease()
    {
        Lease.TryTake(new(_store), "lease.json", new() { Clock = TimeProvider.System }, () => { });
        AddFields();

        Assert.Null(Lease.TryTake(new(_store), "lease.json", new() { Clock = TimeProvider.System }, () => { }));
    }

    // The second step's records are not in the state document; of the first one a summary and a history are there, too.
    private void TakeStepAndDieInTheNext()
    {
        Make(_store).Recorded(maxTasks: 2).Step("run");
        Make(_store).Recorded().Step("other");
        var killed = new InterruptedStore(_store, "/checkpoints/", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make(killed).Recorded(maxTasks: 3, durability: FlowDurability.Task).Step("run"));
    }

    private void AddFields()
    {
        var paths = _store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path);
        foreach (var path in paths.Where(path => path.Contains(".json", StringComparison.Ordinal)).ToArray())
        {
            var isPacked = path.EndsWith(".gz", StringComparison.Ordinal);
            var whole = _store.ReadAll(path, CancellationToken.None)!;
            var content = JsonNode.Parse(isPacked ? Packing.Gunzip(whole) : whole)!;
            AddTo(content);
            var bytes = System.Text.Encoding.UTF8.GetBytes(content.ToJsonString());
            _store.WriteAll(path, isPacked ? PackedJson.Of(json => json.WriteRawValue(bytes, skipInputValidation: true)).Content : bytes, CancellationToken.None);
        }
    }

    private static void AddTo(JsonNode? node)
    {
        if (node is JsonArray elements)
        {
            foreach (var element in elements)
                AddTo(element);
        }
        else if (node is JsonObject fields)
        {
            foreach (var field in fields.Where(field => !OfUsers.Contains(field.Key)).ToArray())
                AddTo(field.Value);
            fields.Insert(0, "later", JsonNode.Parse("""{"a":[{"b":1}],"step":7}"""));
            fields.Insert(fields.Count / 2, "later_list", JsonNode.Parse("""[{"tasks":[]},[]]"""));
            fields.Add("later_number", 1);
        }
    }

    private string[] Runs() => [.. _store.AllRuns().Select(run => $"{run} {run.Step} {run.FinishedCount}/{run.TaskCount} {run.StartTime:o} {run.UpdateTime:o}")];

    private string[] Read() => [.. Describe(RecordedRuns.Read(Make(_store).Flow, "run")!.Tasks)];

    private static IEnumerable<string> Describe(IEnumerable<FlowTaskState> tasks) => tasks.SelectMany(task => new[]
    {
        $"{task.Slug} {task.State} {task.Message} {task.RunCount} {task.Duration} {task.ResultLocation} {task.Error?.Message}",
    }.Concat(Describe(task.Children)).Concat(Describe(task.Subflow?.Tasks ?? [])));

    private string[] Outline() => [.. OutlinedRun.Read(_store, "flow", "run", new())!.Tasks.Select(task => $"{task.Slug} {task.State}")];

    private string[] History() => [.. RunHistory.Find(_store, "flow", "run")!.Changes.Select(change =>
        $"{change.Step} {change.Time:o} {change.Task} {change.From} {change.To} {change.Message}")];

    private static TestFlow Make(IFlowStore store)
    {
        var inner = new TestFlow("inner").Task("x", _ => 1).Task("y", _ => throw new InvalidOperationException("no"));
        return new TestFlow(options: new() { Store = store })
            .Task("list", _ => new[] { 1, 2 })
            .Add(new("map", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("x", "list")] })
            .Add(new("sub", null) { Subflow = inner.Flow, After = ["map"] })
            .Add(new("last", TestFlow.Body(_ => null)) { After = ["sub"], Trigger = Trigger.Find("all_finished")! });
    }
}
