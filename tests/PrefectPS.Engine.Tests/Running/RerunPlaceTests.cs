using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Work that is put back is done again wherever it is in a flow: its body runs, and no target, cache or old result is taken.</summary>
public class RerunPlaceTests
{
    public static MatrixTheoryData<Place, StateType[], bool, DocumentForm> Edits { get; } = new(
        Enum.GetValues<Place>(),
        [[StateType.Pending], [StateType.Scheduled], [StateType.Pending, StateType.Scheduled], [StateType.Retrying], [StateType.Pending, StateType.Retrying],
            [StateType.Cancelled, StateType.Pending], [StateType.Failed, StateType.Scheduled], [StateType.Pending, StateType.Failed, StateType.Pending]],
        [true, false],
        Enum.GetValues<DocumentForm>());

    [Theory]
    [MemberData(nameof(Edits))]
    public void A_forced_task_runs_again_with_a_new_result(Place place, StateType[] edits, bool hasTarget, DocumentForm form) =>
        AssertDoneAgain(place, edits, hasTarget, form, task: "t", manual: false);

    [Theory]
    [MemberData(nameof(Edits))]
    public void Resetting_the_containing_task_forces_it_too(Place place, StateType[] edits, bool hasTarget, DocumentForm form) =>
        AssertDoneAgain(place, edits, hasTarget, form, task: null, manual: false);

    [Theory]
    [MemberData(nameof(Edits))]
    public void Approving_it_again_forces_it_too(Place place, StateType[] edits, bool hasTarget, DocumentForm form) =>
        AssertDoneAgain(place, [.. edits.Where(edit => edit != StateType.Retrying), StateType.Resume], hasTarget, form, task: "t", manual: true);

    private static void AssertDoneAgain(Place place, StateType[] edits, bool hasTarget, DocumentForm form, string? task, bool manual)
    {
        var count = 0;
        var placed = new PlacedTask(
            place,
            (_, _) => ++count,
            given => given with
            {
                Target = hasTarget ? "{flow_run_id}/{task_name}-{map_index}.json" : null,
                Cache = hasTarget ? null : new(TimeSpan.FromHours(1)),
                Trigger = manual ? Trigger.Find("manual_only")! : Trigger.AllSuccessful,
            },
            new() { Store = MemoryStore.Named(Guid.NewGuid().ToString("n")) });
        var flow = placed.Flow;
        var done = flow.RunAll();
        if (manual)
            done = flow.RunAll(PlacedTask.Edit(form.Travel(flow, done), StateType.Resume));
        Assert.Equal(StateType.Success, done.StateType);
        var before = placed.Runs;

        var run = form.Travel(flow, done);
        foreach (var edit in edits)
            run = form.Travel(flow, PlacedTask.Edit(run, task ?? placed.Outer, edit));
        Assert.True(run.HasPending);
        run = form.Travel(flow, flow.RunAll(run));

        Assert.Equal((StateType.Success, placed.Count), (run.StateType, placed.Runs - before));
        Assert.Equal(Enumerable.Range(before + 1, placed.Count), PlacedTask.Of(run).Select(leaf => Convert.ToInt32(leaf.Result)).Order());
        Assert.All(PlacedTask.Of(run), leaf => Assert.False(leaf.Inner.ForceRerun));
    }
}
