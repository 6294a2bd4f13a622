using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Names that differ in case only, where a store does not tell them apart: they are kept apart, or refused by name.</summary>
public class CaseOfNamesTests
{
    private static readonly string[] Cases = ["nightly", "Nightly", "NIGHTLY"];

    private readonly CaselessStore _store = new();

    [Fact]
    public void Flows_that_differ_in_case_have_separate_runs()
    {
        foreach (var name in Cases)
            Assert.Equal(1, Make(name).Recorded(maxTasks: 1).Step($"run-{Array.IndexOf(Cases, name)}").Step);
        foreach (var name in Cases)
        {
            var run = Make(name).Recorded().Resume();
            Assert.Equal(($"run-{Array.IndexOf(Cases, name)}", 2, StateType.Success), (run.RunId, run.Step, run.StateType));
            Assert.Equal($"b of {name}", run.Of("b").Result);
            Assert.Equal([run.RunId], new RunIndex(new(_store)).AllRuns(name, fault => throw fault).Select(each => each.RunId));
        }

        for (var left = Cases.Length; left > 0; left--)
        {
            Assert.Equal(left, _store.AllRuns().Count);
            RunRemoval.Remove(_store.AllRuns()[0]);
        }

        Assert.Empty(_store.ListAsync(string.Empty, TestContext.Current.CancellationToken).Wait());
    }

    [Theory]
    [InlineData("flow", "Night", "night", 1)]
    [InlineData("flow", "Night", "night", 3)]
    [InlineData("Flow", "night", "night", 1)]
    [InlineData("Flow", "Night", "nighT", 3)]
    public void A_run_whose_id_differs_only_in_case_is_rejected_and_the_other_is_unchanged(string first, string id, string otherId, int tasks)
    {
        Make(first).Recorded(maxTasks: tasks).Step(id);
        var before = Content();
        var other = Make("flow");

        foreach (var call in new Action[]
        {
            () => other.Recorded().Step(otherId),
            () => other.Recorded().Step(FlowState.New(other.Flow, RunParameters.None, otherId)),
            () => RecordedRuns.Read(other.Flow, otherId),
            () => RunHistory.Find(_store, "flow", otherId),
            () => OutlinedRun.Read(_store, "flow", otherId, new()),
        })
        {
            var error = Assert.Throws<FlowException>(call);
            Assert.Equal(FlowErrorId.FlowInvalid, error.Id);
            Assert.Contains($"run '{id}' of flow '{first}'", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(other.Ran);
        Assert.Equal(before, Content());
        RunRemoval.Remove(_store.AllRuns().Single());
        Assert.Equal(StateType.Success, other.Recorded().Step(otherId).StateType);
    }

    [Fact]
    public void An_entry_of_a_run_being_created_counts_too()
    {
        var killed = new InterruptedStore(_store, "/head.json", () => throw new ProcessKilledException());
        Assert.Throws<ProcessKilledException>(() => Make("Flow", killed).Recorded().Step("run"));

        Assert.Equal(FlowErrorId.FlowInvalid, Assert.Throws<FlowException>(() => Make("flow").Recorded().Step("run")).Id);
    }

    [Fact]
    public void An_object_copied_from_another_run_is_damage()
    {
        var store = RecordedFlowExtensions.NewStore();
        Make("flow", store).Recorded(maxTasks: 1).Step("one");
        foreach (var path in store.ListAsync(string.Empty, CancellationToken.None).Wait().Select(entry => entry.Path).Where(path => path.Contains("one", StringComparison.Ordinal)))
            store.WriteAll(path.Replace("one", "two", StringComparison.Ordinal), store.ReadAll(path, CancellationToken.None)!, CancellationToken.None);

        var error = Assert.Throws<FlowException>(() => Make("flow", store).Recorded().Step("two"));

        Assert.Equal(FlowErrorId.RunDamaged, error.Id);
        Assert.Contains("of run 'one'", error.Message, StringComparison.Ordinal);
        Assert.Equal(StateType.Success, Make("flow", store).Recorded().Step("one").StateType);
    }

    [Fact]
    public void Cache_entries_that_differ_in_case_are_separate()
    {
        string[] names = ["key", "Key", "KEY", "\u00e9", "\u00c9"];
        foreach (var byKey in new[] { true, false })
        {
            foreach (var name in names)
            {
                var flow = new TestFlow(byKey ? "flow" : name, new() { Store = _store });
                flow.Add(new("task", TestFlow.Body(_ => name)) { Cache = new(TimeSpan.FromDays(1)) { Key = byKey ? name : null } });
                Assert.Equal(name, flow.RunAll().Of("task").Result);
                Assert.Single(flow.Ran);
                Assert.Equal(name, flow.RunAll().Of("task").Result);
                Assert.Single(flow.Ran);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_targets_that_differ_only_in_case_fail_the_second_task_before_its_body(bool inSteps)
    {
        var flow = new TestFlow(options: new() { Store = _store }).Task("list", _ => new object[] { "acme", "ACME", "other" });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("customer", "list")], Target = "{customer}.json" });

        var run = flow.Recorded(maxTasks: inSteps ? 1 : null).Step("run");
        while (run.HasPending)
            run = flow.Recorded(maxTasks: 1).Step("run");

        var children = run.Of("each").Children;
        Assert.Equal([StateType.Success, StateType.Failed, StateType.Success], children.Select(child => child.StateType));
        Assert.Equal(FlowErrorId.TargetInvalid, children[1].Error!.Id);
        Assert.Contains("'acme.json'", children[1].Message, StringComparison.Ordinal);
        Assert.Equal(3, flow.Ran.Count); // the list and two children
    }

    [Fact]
    public void In_a_case_sensitive_store_they_are_two_targets()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() }).Task("list", _ => new object[] { "acme", "ACME" });
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value)) { Map = [new("customer", "list")], Target = "{customer}.json" });
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
    }

    [Fact]
    public void Results_of_names_that_a_file_system_folds_are_separate()
    {
        var store = new CaselessStore(name => name.Replace('\u017f', 's'));
        var flow = new TestFlow(options: new() { Store = store }).Task("task", _ => "one").Task("ta\u017fk", _ => "other");
        flow.Recorded(maxTasks: 2).Step("run");

        var run = RecordedRuns.Read(flow.Flow, "run")!;

        Assert.Equal(("one", "other"), (run.Of("task").Result, run.Of("ta\u017fk").Result));
    }

    private string Content() => string.Join('\n', _store.ListAsync(string.Empty, CancellationToken.None).Wait()
        .Select(entry => $"{entry.Path} {Convert.ToHexString(_store.ReadAll(entry.Path, CancellationToken.None)!)}"));

    private TestFlow Make(string name, IFlowStore? store = null) => new TestFlow(name, new() { Store = store ?? _store })
        .Task("a", _ => $"a of {name}")
        .Task("b", _ => $"b of {name}", "a");
}
