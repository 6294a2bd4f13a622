using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What is reset in a run that has ended is done again with what there is now, and nothing else is.</summary>
public sealed class OutsideChangeTests
{
    [Fact]
    public void What_comes_after_what_is_done_again_is_done_again_whatever_its_state()
    {
        var flow = new TestFlow().Task("a").Task("b", "a").Task("c", "b").Task("other");
        var run = Reset(flow.RunAll(), (task, _) => task.Name == "b");
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending, StateType.Success], run.Types());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // chosen together with what comes before it
    public void A_subflow_behind_what_is_done_again_begins_anew_with_what_there_is_now(bool includesDownstream)
    {
        var value = "old";
        var inner = new TestFlow("inner", Takes("x"))
            .Add(new("first", TestFlow.Body(a => $"first {a[0].Value}")) { Parameters = ["x"] })
            .Add(new("second", TestFlow.Body(a => a[0].Value is "first old" ? throw new InvalidOperationException("bad") : a[0].Value)) { InputFrom = [new("f", "first")] });
        var flow = new TestFlow().Task("a", _ => value).Add(new("s", null) { Subflow = inner.Flow, InputFrom = [new("x", "a")] });
        var run = flow.RunAll();
        Assert.Equal(StateType.Failed, run.State);

        value = "new";
        run = flow.RunAll(Reset(flow.Travel(run), (task, _) => task.Name == "a" || (task.Name == "s" && !includesDownstream), includesDownstream));

        Assert.Equal("first new", run.Of("s").Result);
        Assert.Equal(["first", "second", "first", "second"], inner.Ran);
    }

    [Fact]
    public void A_subflow_that_is_reset_itself_keeps_what_ended_well_in_it()
    {
        var isBad = true;
        var inner = new TestFlow("inner").Task("first").Task("second", _ => isBad ? throw new InvalidOperationException("bad") : 2, "first");
        var flow = new TestFlow().Task("a").Add(new("s", null) { Subflow = inner.Flow, After = ["a"] });
        var run = flow.RunAll();

        isBad = false;
        run = flow.RunAll(Reset(run, (_, state) => state.Type == StateType.Failed));

        Assert.Equal(StateType.Success, run.State);
        Assert.Equal(["first", "second", "second"], inner.Ran);
    }

    [Fact]
    public void A_subflow_for_failures_is_not_run_once_what_failed_is_mended()
    {
        var isBad = true;
        var inner = new TestFlow("inner").Task("mail", _ => isBad ? throw new InvalidOperationException("no server") : null);
        var flow = new TestFlow().Task("a", _ => isBad ? throw new InvalidOperationException("bad") : 1)
            .Add(new("alarm", null) { Subflow = inner.Flow, After = ["a"], Trigger = Trigger.Find("any_failed")! });
        var run = flow.RunAll();

        isBad = false;
        run = flow.RunAll(Reset(run, (_, state) => state.Type == StateType.Failed));

        Assert.Equal(StateType.TriggerFailed, run.Of("alarm").State);
        Assert.Equal(["mail"], inner.Ran);
    }

    [Fact]
    public void Of_a_map_over_a_map_only_the_children_behind_those_done_again_are()
    {
        var isBad = true;
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2, 3 })
            .Add(new("a", TestFlow.Body(x => isBad && x[0].Value is 3 ? throw new InvalidOperationException("bad") : x[0].Value)) { Map = [new("x", "list")] })
            .Add(new("b", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "a")] })
            .Add(new("all", TestFlow.Body(x => x[0].Value)) { InputFrom = [new("x", "b")] });
        var run = flow.RunAll();
        flow.Ran.Clear();

        isBad = false;
        run = flow.RunAll(Reset(flow.Travel(run), (_, state) => state.Type == StateType.Failed));

        Assert.Equal([1, 2, 3], ((object?[])run.Of("all").Result!).Select(Convert.ToInt32));
        Assert.Equal(["a", "b", "all"], flow.Ran);
    }

    [Fact]
    public void What_a_map_takes_whole_changes_all_its_children()
    {
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2 }).Task("factor", _ => 2)
            .Add(new("a", TestFlow.Body(x => x[0].Value)) { Map = [new("x", "list")], InputFrom = [new("f", "factor")] });
        var run = Reset(flow.RunAll(), (task, _) => task.Name == "factor");
        Assert.Equal([StateType.Success, StateType.Pending, StateType.Pending], run.Types());
        Assert.Empty(run.Of("a").Children);
    }

    private static FlowOptions Takes(params string[] names) => new()
    {
        Parameters = new ParameterDefaults([.. names.Select(name => new KeyValuePair<string, object?>(name, null))]),
    };

    private static FlowState Reset(FlowState run, Func<FlowTask, State, bool> chooses, bool includesDownstream = true) =>
        new OutsideChange
        {
            Chooses = (task, state, _) => chooses(task, state),
            Change = (_, state, _, isStale) => state.Reset(message: null, isStale),
            IncludesDownstream = includesDownstream,
        }.Of(run);
}
