using System.Globalization;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Runs whose names are longer than file systems take.</summary>
public sealed class LongNameRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Runs_with_long_names_are_recorded_continued_and_removed()
    {
        var store = new FolderStore(_folder);
        var (name, runId) = (new string('ä', 300), new string('日', Limits.MaxRunIdLength));
        Assert.Equal(StateType.Pending, Make(name, store).Recorded(maxTasks: 2).Step(runId).StateType);
        Make(name + "x", store).Recorded(maxTasks: 1).Step(runId[1..] + "x");

        var flow = Make(name, store);
        var run = flow.Recorded().Resume();
        Assert.True(run.StateType == StateType.Success, string.Join('\n', run.Tasks.Select(task => task.Message)));
        Assert.Equal(runId, run.RunId);
        Assert.Equal("0 10 20", string.Join(' ', (object[])run.Of("last").Result!));
        Assert.Equal("0 10 20", string.Join(' ', (object[])RecordedRuns.Read(flow.Flow, runId)!.Of("last").Result!));

        Assert.Equal([(name, runId), (name + "x", runId[1..] + "x")], store.AllRuns().Select(each => (each.Flow, each.RunId)).OrderBy(each => each.Flow.Length));
        foreach (var each in store.AllRuns())
            RunRemoval.Remove(each);
        Assert.Empty(store.AllRuns());
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_invalid_target_fails_its_task_before_the_body()
    {
        var flow = new TestFlow(options: new() { Store = new FolderStore(_folder), Target = "{task_name}.json" }).Task(new string('t', 251), _ => 1);
        var task = flow.RunAll().Tasks[0];
        Assert.Equal((StateType.Failed, FlowErrorId.TargetInvalid), (task.StateType, task.Error!.Id));
        Assert.Contains("has 256 bytes", task.Message, StringComparison.Ordinal);
        Assert.Empty(flow.Ran);
    }

    [Fact]
    public void A_file_in_a_result_is_stored_next_to_a_target_with_a_long_name()
    {
        var store = new FolderStore(_folder);
        string[] stems = [.. Enumerable.Range(244, 7).Select(length => new string('t', length)), $"{new string('t', 249)}u", $"{string.Concat(Enumerable.Repeat("日", 83))}a"];
        var flow = new TestFlow(options: new() { Store = store, Target = "{task_name}.json" });
        foreach (var stem in stems)
        {
            flow.Task(stem, _ =>
            {
                var file = Directory.CreateDirectory(Path.Combine(_folder, "files")).FullName + $"/{flow.Ran.Count}.txt";
                File.WriteAllText(file, $"{stem.Length} {stem[^1]}");
                return new FileInfo(file);
            });
        }

        var run = flow.RunAll();

        Assert.All(run.Tasks, task => Assert.True(task.StateType == StateType.Success, task.Message));
        var results = new ResultStore(store, flow.Flow.Results!.Serializers); // as the next process has it
        foreach (var stem in stems)
            Assert.Equal($"{stem.Length} {stem[^1]}", File.ReadAllText(((FileInfo)results.Read($"{stem}.json", null)!).FullName));
        var folders = Directory.GetDirectories(_folder, "*files*").Select(folder => Path.GetFileName(folder)!).Where(name => name != "files").ToArray();
        Assert.Equal(stems.Length, folders.Length);
        Assert.Contains(folders, name => name.Contains("%~", StringComparison.Ordinal));
    }

    // Results of tasks and of a mapped task's children without a target are files named after them.
    private static TestFlow Make(string name, IFlowStore store)
    {
        var slug = string.Concat(Enumerable.Repeat("😀", 200));
        var flow = new TestFlow(name, new() { Store = store }).Task("list", _ => new object[] { 0L, 1L, 2L });
        flow.Add(new(slug, TestFlow.Body(arguments => Convert.ToInt64(arguments[0].Value, CultureInfo.InvariantCulture) * 10)) { Map = [new("x", "list")] });
        flow.Add(new("last", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", slug)] });
        return flow;
    }
}
