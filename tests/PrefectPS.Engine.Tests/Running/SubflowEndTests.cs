using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A task with a subflow ends like the subflow, even if an edit or a crash comes between the two; nothing in the subflow is repeated for that.</summary>
public class SubflowEndTests
{
    private static readonly TaskPosition[] Subflows =
    [
        TaskPosition.Subflow, TaskPosition.MapInSubflow, TaskPosition.SubflowInMap, TaskPosition.SubflowInSubflow, TaskPosition.MapInSubflowInMap,
    ];

    public static MatrixTheoryData<TaskPosition, DocumentForm, int> Forms { get; } = new(Subflows, Enum.GetValues<DocumentForm>(), [1, 10]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void Setting_a_failed_inner_task_to_Success_makes_the_subflow_succeed(TaskPosition place, DocumentForm form, int maxTasks)
    {
        var placed = Failing(place);
        var run = form.Travel(placed.Flow, placed.Flow.RunAll());
        Assert.Equal(StateType.Failed, run.StateType);
        var before = placed.Runs;

        run = form.Travel(placed.Flow, Set(run, StateType.Success, "by hand"));
        Assert.True(run.HasPending);
        run = placed.RunInSteps(form, maxTasks, run);

        Assert.Equal((StateType.Success, before), (run.StateType, placed.Runs));
        Assert.All(PositionedTask.Of(run), leaf => Assert.Equal("by hand", leaf.Result));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Setting_an_inner_task_to_Failed_fails_the_subflow(TaskPosition place, DocumentForm form, int maxTasks)
    {
        var placed = new PositionedTask(place, (_, _) => 1);
        var run = form.Travel(placed.Flow, placed.Flow.RunAll());
        var before = placed.Runs;

        run = placed.RunInSteps(form, maxTasks, form.Travel(placed.Flow, Set(run, StateType.Failed, null)));

        Assert.Equal((StateType.Failed, before), (run.StateType, placed.Runs));
    }

    [Theory]
    [InlineData(TaskPosition.Subflow, "other")]
    [InlineData(TaskPosition.SubflowInSubflow, "other")]
    [InlineData(TaskPosition.SubflowInMap, "other,other")]
    public void A_changed_inner_result_changes_the_subflows_result(TaskPosition place, string expected)
    {
        var placed = new PositionedTask(place, (_, _) => "one");

        var run = placed.Flow.RunAll(Set(placed.Flow.RunAll(), StateType.Success, "other"));

        var result = run.Of("s").Result;
        Assert.Equal((StateType.Success, expected), (run.StateType, result is object?[] several ? string.Join(',', several) : result));
        Assert.Equal(placed.Count, placed.Runs);
    }

    [Theory]
    [InlineData(DocumentForm.Json, false)]
    [InlineData(DocumentForm.Compact, true)]
    [InlineData(DocumentForm.Compact, false)]
    public void A_partial_subflow_has_no_result_but_the_whole_has(DocumentForm form, bool isMapped)
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("x", null)]) }).Task("a").Add(new("b", TestFlow.Body(x => 1)) { After = ["a"] });
        var flow = new TestFlow().Task("list", _ => new[] { 1, 2 })
            .Add(new("s", null) { Subflow = inner.Flow, Map = isMapped ? [new("x", "list")] : [] })
            .Add(new("t", TestFlow.Body(x => x[0].Value is object?[] several ? string.Join(',', several) : x[0].Value)) { InputFrom = [new("x", "s")] });
        var part = form.Travel(flow, flow.RunAll(flow.New().Select(Selections.Only("s/b"))));
        Assert.Equal(StateType.Success, part.StateType);
        inner.Ran.Clear();

        var run = flow.RunAll(form.Travel(flow, part.Select(Selections.Only("t"))));

        Assert.Equal((StateType.Success, isMapped ? "1,1" : "1"), (run.StateType, $"{run.Of("t").Result}"));
        Assert.Empty(inner.Ran);
    }

    [Fact]
    public void An_edit_that_does_not_change_the_outcome_leaves_the_subflow_unchanged()
    {
        var inner = new TestFlow("inner").Task("a").Task("b", "a");
        var flow = new TestFlow().Add(new("s", null) { Subflow = inner.Flow });
        var run = new TaskEdit(StateType.Success) { HasResult = true }.ToStateEdit((task, _, _) => task.Name == "a").Of(flow.RunAll());
        Assert.Equal((StateType.Success, StateType.Success), (run.StateType, run.Of("s").StateType));
    }

    [Theory]
    [InlineData(TaskPosition.Subflow)]
    [InlineData(TaskPosition.MapInSubflow)]
    [InlineData(TaskPosition.SubflowInMap)]
    [InlineData(TaskPosition.SubflowInSubflow)]
    [InlineData(TaskPosition.MapInSubflowInMap)]
    public void A_recorded_failure_is_not_repeated_after_a_crash(TaskPosition place)
    {
        var seen = 0;
        for (var kill = 1; ; kill++)
        {
            var store = RecordedFlowExtensions.NewStore();
            var dying = new DyingStore(store, kill, isAfter: true);
            try
            {
                Failing(place, new() { Store = dying }).Flow.Recorded().Step("run");
                break;
            }
            catch (ProcessKilledException)
            {
            }

            var placed = Failing(place, new() { Store = store });
            var failed = RecordedRuns.Read(placed.Flow.Flow, "run") is { } read ? PositionedTask.Of(read).Count(leaf => leaf.StateType == StateType.Failed) : 0;
            var run = placed.Flow.Recorded().Step("run");
            Assert.Equal((kill, StateType.Failed, placed.Count - failed), (kill, run.StateType, placed.Runs));
            seen += failed;
        }

        Assert.True(seen > 0, "Nothing had failed on record.");
    }

    private static PositionedTask Failing(TaskPosition place, FlowOptions? options = null) => new(place, (_, _) => throw new InvalidOperationException("bad"), options: options);

    private static FlowState Set(FlowState run, StateType to, object? result) =>
        new TaskEdit(to) { HasResult = true, Result = result }.ToStateEdit((task, child, _) => task.Name == "t" && (child is not null || !task.IsMapped)).Of(run);
}
