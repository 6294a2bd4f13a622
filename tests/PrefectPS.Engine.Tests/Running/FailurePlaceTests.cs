using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>How a task fails is the same wherever it is in a flow, and is told by the tasks that contain it.</summary>
public class FailurePlaceTests
{
    private static readonly TaskError Error = new("it broke") { Id = "Broken", ExceptionType = "System.TimeoutException", ScriptName = "a.ps1", Line = 7, LineText = "throw" };

    public enum Unwritable
    {
        Returned,
        Signalled,
        Looped,
        FromHandler,
    }

    public static MatrixTheoryData<Place, DocumentForm> Forms { get; } = new(Enum.GetValues<Place>(), Enum.GetValues<DocumentForm>());

    public static MatrixTheoryData<Place, StateType> Changes { get; } = new(Enum.GetValues<Place>(), [StateType.Success, StateType.Failed]);

    public static MatrixTheoryData<Place, Unwritable, bool> Written { get; } = new(Enum.GetValues<Place>(), Enum.GetValues<Unwritable>(), [true, false]);

    public static TheoryData<Place> Places { get; } = [.. Enum.GetValues<Place>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_containing_task_fails_with_the_errors_type_id_and_line(Place place, DocumentForm form)
    {
        var placed = new PlacedTask(place, (_, _) => throw new TaskFailedException(Error));

        var run = placed.RunInSteps(form, maxTasks: 1);

        var outer = run.Of(placed.Outer);
        Assert.Equal(StateType.Failed, run.StateType);
        foreach (var failed in PlacedTask.Of(run).Concat(outer.Children.Count > 0 ? outer.Children : [outer]))
        {
            Assert.Equal(StateType.Failed, failed.StateType);
            Assert.Equal(
                (Error.Id, Error.ExceptionType, Error.ScriptName, Error.Line, Error.LineText),
                (failed.Error!.Id, failed.Error.ExceptionType, failed.Error.ScriptName, failed.Error.Line, failed.Error.LineText));
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_retry_of_the_containing_task_can_be_filtered_by_the_error(Place place)
    {
        foreach (var isChosen in new[] { true, false })
        {
            var runs = 0;
            RetryPolicy Retry() => new() { MaxRetries = 1, Filter = error => error?.ExceptionType == Error.ExceptionType == isChosen };
            var placed = new PlacedTask(place, (_, _) => ++runs == 1 ? throw new TaskFailedException(Error) : runs, task => task);
            var outer = new TestFlow("outer").Add(new("whole", null) { Subflow = placed.Flow.Flow, Retry = Retry() });
            Assert.Equal(isChosen ? StateType.Success : StateType.Failed, outer.RunAll().StateType);
            Assert.Equal(placed.Count + (isChosen ? 1 : 0), placed.Runs);
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_state_handler_that_throws_at_the_end_fails_the_task_without_a_rerun(Place place, StateType at)
    {
        var handler = new RecordingHandler((_, now) => now.StateType == at ? throw new InvalidOperationException("handler") : null);
        var placed = new PlacedTask(
            place,
            (_, _) => at == StateType.Failed ? throw new InvalidOperationException("body") : 1,
            task => task with { Retry = new() { MaxRetries = 2 }, StateHandlers = [handler] });

        var run = placed.Flow.RunAll();

        Assert.Equal((StateType.Failed, placed.Count), (run.StateType, placed.Runs));
        Assert.All(PlacedTask.Of(run), leaf => Assert.Equal((StateType.Failed, StateMessages.HandlerFailed("handler")), (leaf.StateType, leaf.Message)));
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void An_unserializable_result_fails_its_task_only(Place place, Unwritable kind, bool checkpoints)
    {
        var placed = Unwritten(place, kind, new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = checkpoints });
        placed.Flow.Task("other");

        var run = placed.Flow.Recorded().Step("run");

        Assert.Equal((StateType.Failed, StateType.Success), (run.StateType, run.Of("other").StateType));
        Assert.All(PlacedTask.Of(run), AssertUnwritable);
        Assert.All(PlacedTask.Of(RecordedRuns.Read(placed.Flow.Flow, "run")!), AssertUnwritable);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_unserializable_result_passes_in_memory_and_fails_the_document(Place place, DocumentForm form)
    {
        var placed = Unwritten(place, Unwritable.Returned, options: null);
        var run = placed.Flow.RunAll();
        Assert.Equal(StateType.Success, run.StateType);
        var error = Assert.Throws<FlowException>(() => form.Travel(placed.Flow, run));
        Assert.Equal(FlowErrorId.ResultInvalid, error.Id);
        Assert.Contains("contains itself", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"task '(t|s|u)(\[\d\])?'", error.Message); // a subflow has the result of its task
        Assert.Contains("Select-Object", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Subflow_results_that_are_too_large_together_fail_the_subflow_task()
    {
        var inner = new TestFlow("inner", maxResultBytes: 1000).Task("a", _ => new string('x', 700)).Task("b", _ => new string('x', 700));
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore(), Checkpoints = false }, maxResultBytes: 1000)
            .Add(new("s", null) { Subflow = inner.Flow }).Task("other");

        var run = flow.Recorded().Step("run");

        Assert.Equal([StateType.Failed, StateType.Success], run.Types());
        Assert.Contains("task 's'", run.Of("s").Message!, StringComparison.Ordinal);
    }

    private static void AssertUnwritable(FlowTaskState task)
    {
        Assert.Equal(StateType.Failed, task.StateType);
        Assert.Contains($"task '{task.Slug}'", task.Message!, StringComparison.Ordinal);
        Assert.Contains("contains itself", task.Message!, StringComparison.Ordinal);
        Assert.Contains("Select-Object", task.Message!, StringComparison.Ordinal);
    }

    private static PlacedTask Unwritten(Place place, Unwritable kind, FlowOptions? options) => new(
        place,
        (_, _) => kind switch
        {
            Unwritable.Signalled => throw new FlowSignalException(new(StateType.Success) { Result = TaskResult.Of(Cyclic()) }, endsRun: false),
            Unwritable.Looped => throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of(Cyclic()) }, endsRun: false),
            Unwritable.FromHandler => 1,
            _ => Cyclic(),
        },
        task => task with
        {
            StateHandlers = kind == Unwritable.FromHandler
                ? [new RecordingHandler((_, now) => now.StateType == StateType.Success ? now.With(now.Inner with { Result = TaskResult.Of(Cyclic()) }) : null)]
                : [],
        },
        options);

    private static List<object> Cyclic()
    {
        var list = new List<object>();
        list.Add(list);
        return list;
    }
}
