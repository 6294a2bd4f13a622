using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Tasks that are edited one by one, as in a pipeline, come to what the edit of their run makes of them, wherever they are in a flow.</summary>
public class TaskStreamTests
{
    public static MatrixTheoryData<Place, StateType, StateType, bool> Edits { get; } = new(
        Enum.GetValues<Place>(),
        [StateType.Success, StateType.Failed, StateType.Cancelled, StateType.Paused],
        [StateType.Pending, StateType.Scheduled, StateType.Resume, StateType.Cancelled, StateType.Success],
        [true, false]);

    [Theory]
    [MemberData(nameof(Edits))]
    public void Editing_each_task_equals_editing_the_run(Place place, StateType given, StateType to, bool isNamed)
    {
        var placed = In(place, given);
        var run = placed.Flow.Step(placed.Flow.New(), maxTasks: 100, reset: false);
        Assert.All(PlacedTask.Of(run), leaf => Assert.Equal(given, leaf.StateType));
        var edit = new TaskEdit(to) { From = [given] }.ToStateEdit((task, _, _) => !isNamed || task.Name == "t");

        var ofRun = edit.Of(run);
        var ofEach = run.With(run.Identity, [.. run.Tasks.Select(task => edit.Of(task).Inner)]);

        Assert.NotSame(run, ofRun);
        Assert.Equal(FlowStateWriter.Write(ofRun), FlowStateWriter.Write(ofEach));
    }

    [Fact]
    public void A_single_child_can_be_edited()
    {
        var run = In(Place.SubflowInMap, StateType.Cancelled) is var placed ? placed.Flow.Step(placed.Flow.New(), maxTasks: 100, reset: false) : null!;
        var edit = new TaskEdit(StateType.Pending) { From = [StateType.Cancelled] }.ToStateEdit((_, _, _) => true);
        Assert.Equal((StateType.Pending, StateType.Pending), edit.Of(run.Of("s").Children[1]) is var child ? (child.StateType, child.Subflow!.Tasks[0].StateType) : default);
    }

    // The state that is given to the task is what a budget of a handler's own, a trigger or its body makes of it.
    private static PlacedTask In(Place place, StateType given) => new(
        place,
        (_, _) => given == StateType.Failed ? throw new InvalidOperationException("bad") : 1,
        task => task with
        {
            Trigger = given == StateType.Paused ? Trigger.Find("manual_only")! : Trigger.AllSuccessful,
            StateHandlers = given == StateType.Cancelled
                ? [new RecordingHandler((_, now) => now.StateType == StateType.Running ? throw RecordingHandler.Signal(StateType.Cancelled, "budget", endsRun: true) : null)]
                : [],
        });
}
