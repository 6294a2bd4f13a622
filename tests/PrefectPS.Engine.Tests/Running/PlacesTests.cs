using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>Bodies that run in other processes, which have so many places, and may die.</summary>
public class PlacesTests
{
    [Fact]
    public void No_more_bodies_run_at_once_than_there_are_slots_and_all_run_in_the_end()
    {
        var flow = new TestFlow(TimeProvider.System);
        var places = new FewPlaces();
        var (now, most) = (0, 0);
        for (var i = 0; i < 12; i++)
        {
            flow.Task($"t{i}", _ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                Thread.Sleep(5);
                return Interlocked.Decrement(ref now);
            });
        }

        places.Set(string.Empty, 3);
        Assert.Equal(StateType.Success, Step(flow.New(), places).StateType);
        Assert.InRange(most, 1, 3);
        Assert.Empty(places.Noted);
    }

    [Fact]
    public void A_task_without_a_slot_waits_and_a_notice_is_shown()
    {
        var flow = new TestFlow(TimeProvider.System).Task("a").Task("b", "a");
        var places = new FewPlaces();
        places.Waits = _ => ThreadPool.QueueUserWorkItem(_ => places.Set(string.Empty, 1));
        Assert.Equal(StateType.Success, Step(flow.New(), places).StateType);
        Assert.Equal(["a"], places.Noted);
    }

    [Fact]
    public void A_task_without_a_slot_at_the_deadline_was_never_started()
    {
        var flow = new TestFlow(TimeProvider.System).Task("a").Task("b", "a");
        var places = new FewPlaces();
        var run = Step(flow.New(), places, new() { Time = TimeSpan.FromMilliseconds(200) });
        Assert.Equal([StateType.Cancelled, StateType.Cancelled], run.Tasks.Select(task => task.StateType));
        Assert.Empty(places.Started);
    }

    [Fact]
    public void A_step_ends_as_at_its_budget_if_no_slot_will_ever_be_available()
    {
        var flow = new TestFlow(TimeProvider.System).Task("a").Task("b", "a");
        var places = new FewPlaces();
        places.Set(string.Empty, 1);
        places.Waits = _ => Assert.Fail("Nobody waits for what will not come.");
        flow.Begins = _ => places.HasEnded = true;
        var run = Step(flow.New(), places);
        Assert.Equal([StateType.Success, StateType.Cancelled], run.Tasks.Select(task => task.StateType));
    }

    [Fact]
    public void Tasks_do_not_wait_for_slots_of_another_admission_key()
    {
        var flow = new TestFlow(TimeProvider.System);
        flow.Add(new("first", TestFlow.Body(_ => null)) { Tags = ["gpu"] });
        flow.Task("second").Task("third", "second");
        var places = new FewPlaces();
        places.Set(string.Empty, 1);
        places.Waits = task =>
        {
            Assert.Equal("first", task.Slug);
            ThreadPool.QueueUserWorkItem(_ => places.Set("gpu", 1));
        };
        Assert.Equal(StateType.Success, Step(flow.New(), places).StateType);
        Assert.Equal(["second 1", "third 1", "first 1"], places.Started);
    }

    [Theory]
    [InlineData(0, StateType.Success, 1)]
    [InlineData(2, StateType.Success, 3)]
    [InlineData(3, StateType.Failed, 3)]
    [InlineData(99, StateType.Failed, 3)]
    public void A_body_that_crashes_its_worker_runs_again_until_it_has_crashed_too_often(int deaths, StateType state, int starts)
    {
        var flow = new TestFlow(TimeProvider.System);
        flow.Add(new("killer", TestFlow.Body(_ => 1)) { MaxCrashes = 3, Retry = new() { MaxRetries = 5 } }).Task("other");
        var places = new FewPlaces { Deaths = { ["killer"] = deaths } };
        places.Set(string.Empty, 2);
        var run = Step(flow.New(), places);
        Assert.Equal((state, StateType.Success), (run.Of("killer").StateType, run.Of("other").StateType));
        Assert.Equal(Enumerable.Repeat("killer 1", starts), places.Started.Where(started => started.StartsWith("killer", StringComparison.Ordinal)));
        Assert.Equal(state == StateType.Failed ? FlowErrorId.TaskCrashed : null, run.Of("killer").Error?.Id);
        if (state == StateType.Failed)
            Assert.Contains("3 times while the task ran alone: step 1 on there", run.Of("killer").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Crashes_of_a_body_are_recorded_for_the_next_step()
    {
        var store = MemoryStore.Named($"{Guid.NewGuid():n}");
        var stopped = new FewPlaces { Deaths = { ["killer"] = 2 } };
        stopped.Set(string.Empty, 1);
        using var stop = new CancellationTokenSource();
        Assert.Throws<StepStoppedException>(() => Take(Make(() => stop.Cancel()), stopped, stop.Token));
        Assert.Equal(2, RecordedRuns.Read(Make(() => { }).Flow, "run")!.Of("killer").Inner.Crashes.Count);

        var places = new FewPlaces { Deaths = { ["killer"] = 1 } };
        places.Set(string.Empty, 1);
        Assert.Equal(FlowErrorId.TaskCrashed, Take(Make(() => { }), places, TestContext.Current.CancellationToken).Of("killer").Error?.Id);
        Assert.Single(places.Started);

        TestFlow Make(Action begins) => new TestFlow(options: new() { Store = store }).Add(new("killer", TestFlow.Body(_ =>
        {
            begins();
            return ThreadPoolBodies.WaitToBeStopped();
        }))
        { MaxCrashes = 3 });

        static FlowState Take(TestFlow flow, FewPlaces places, CancellationToken stop) => StepTaker.Take(
            new(new RunById(flow.Flow, "run", RunParameters.None)) { Budget = new() { Throttle = new(4, runsOffThread: true) }, Pool = places }, stop).Run;
    }

    private static FlowState Step(FlowState run, FewPlaces places, StepBudget? budget = null)
    {
        return StepRunner.Run(
            run, new() { Budget = (budget ?? new()) with { Throttle = new(int.MaxValue, runsOffThread: true) }, Pool = places },
            cancellationToken: TestContext.Current.CancellationToken);
    }
}
