using CsCheck;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>What a step decides is a list of events: applied to the states before it, they give those after it.</summary>
public class TaskEventTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    [Fact]
    public void Replaying_a_steps_events_gives_its_states() =>
        Gen.Select(TaskSpec.Any.Array[1, 12], Gen.Int[1, 6].Array[1, 6], Gen.Int[1, 4].Array[1, 6]).Sample((specs, budgets, limits) =>
        {
            var flow = new AnyFlow(specs).Flow;
            var run = flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                flow.Clock.Advance(Pause);
                var recorder = new EventList();
                var before = FlowStateWriter.Write(run);
                var after = Step(flow, run, budgets[step % budgets.Length], limits[step % limits.Length], recorder);
                Assert.Equal(before, FlowStateWriter.Write(run)); // whoever holds it may go on from it once more
                AssertSame(after, recorder.Apply(run, after.Identity, recorder.Events.Count));
                run = flow.Travel(Reset(after));
            }
        });

    [Fact]
    public void A_step_that_dies_at_any_event_does_not_change_the_outcome() =>
        Gen.Select(TaskSpec.Any.Array[1, 8], Gen.Int[1, 4].Array[1, 4], Gen.Double[0, 1].Array[1, 4]).Sample((specs, budgets, deaths) =>
        {
            var expected = AnyFlow.Describe(new AnyFlow(specs).Flow.RunAll());
            var flow = new AnyFlow(specs).Flow;
            var run = flow.New();
            for (var step = 0; run.HasPending; step++)
            {
                Assert.True(step < 500, "The run does not end.");
                flow.Clock.Advance(Pause);
                var recorder = new EventList();
                var after = Step(flow, run, budgets[step % budgets.Length], limit: 1, recorder);
                var known = step < deaths.Length ? (int)(recorder.Events.Count * deaths[step]) : recorder.Events.Count;
                run = flow.Travel(Reset(recorder.Apply(run, after.Identity, known)));
            }

            Assert.Equal(expected, AnyFlow.Describe(run));
        });

    private static FlowState Step(TestFlow flow, FlowState run, int budget, int limit, EventList recorder)
    {
        var throttle = limit == 1 ? null : new Throttle(limit, new Dictionary<string, int> { ["few"] = 1 });
        return StepRunner.Run(
            run, new() { Budget = new() { MaxTasks = budget, Throttle = throttle }, Pool = new ThreadPoolBodies() }, recorder,
            cancellationToken: TestContext.Current.CancellationToken);
    }

    private static FlowState Reset(FlowState run) => run.Change((_, state) => state.IsCancelledByBudget ? state.Reset(message: null) : state);

    private static void AssertSame(FlowState expected, FlowState actual)
    {
        for (var i = 0; i < expected.States.Length; i++)
            AssertSame(expected.States[i], actual.States[i]);
        Assert.Equal(FlowStateWriter.Write(expected), FlowStateWriter.Write(actual));
    }

    // Of every field of a state and of its progress, children and subflows compared inside.
    private static void AssertSame(State expected, State actual)
    {
        Assert.Equal(Bare(expected), Bare(actual));
        Assert.Equal(expected.Children?.Length, actual.Children?.Length);
        for (var i = 0; i < expected.Children?.Length; i++)
            AssertSame(expected.Children[i], actual.Children![i]);
        Assert.Equal(expected.SubflowRun is null, actual.SubflowRun is null);
        if (expected.SubflowRun is { } subflow)
            AssertSame(subflow, actual.SubflowRun!);
    }

    private static State Bare(State state) => State.Read(state.Type, state.Message, state.Progress with { SubflowRun = null }) with
    {
        Result = state.Result,
        Error = state.Error,
        DueTime = state.DueTime,
        Started = state.Started,
        Ended = state.Ended,
        Prefect = state.Prefect,
    };

    private sealed class EventList : IRunRecorder
    {
        public string Incarnation => string.Empty;

        public string Results => string.Empty;

        public string ResultsIn(IFlowStore store) => string.Empty;

        public List<TaskEvent> Events { get; } = [];

        public void Record(in TaskEvent taskEvent) => Events.Add(taskEvent);

        public bool RecordsStarts => false;

        public void RecordStart(in TaskEvent started) => Assert.Fail("No step of this run has crashed.");

        public void RecordSelection(RunSelection? selection)
        {
        }

        public void RecordLine(string task, int attempt, FlowLogSource stream, string text)
        {
        }

        public void RecordNotice(NotifyReason? due)
        {
        }

        public void RecordRequest(AppliedRequest request)
        {
        }

        public void Flush()
        {
        }

        public void Save()
        {
        }

        public void EnsureLease(bool mustRenew)
        {
        }

        public FlowState Apply(FlowState given, RunIdentity info, int count)
        {
            var states = new RunStates(given);
            foreach (var taskEvent in Events.Take(count))
                CounterpartOf(taskEvent.Run, states)!.Apply(taskEvent);
            return states.ToState(info);
        }

        private static RunStates? CounterpartOf(RunStates recorded, RunStates replayed) =>
            recorded.Owner is not { } owner ? replayed
            : CounterpartOf(owner.Run, replayed) is { } outer && outer.Flow.Find(owner.Task.Slug) is { } task ? outer.SubflowOf(task, owner.Child)
            : null;
    }
}
