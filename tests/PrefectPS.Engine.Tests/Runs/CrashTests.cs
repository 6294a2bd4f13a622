using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>Bodies that end their process: it is told which one does, and it is not run for ever.</summary>
public class CrashTests
{
    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();
    private readonly List<string> _ran = []; // by all processes
    private DyingStore _process = null!;

    [Theory]
    [InlineData(null, 3, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(5, 5, 3)]
    public void A_body_that_crashes_each_process_fails_and_the_rest_continues(int? maxCrashes, int counted, int throttle)
    {
        RecordingHandler handler = null!;
        TestFlow Make() => New().Task("first")
            .Add(new("killer", Kills(_ => true)) { MaxCrashes = maxCrashes, Retry = new() { MaxRetries = 2 }, StateHandlers = [handler = new()] })
            .Task("beside").Task("after", "killer")
            .Add(new("clean up", TestFlow.Body(_ => null)) { After = ["killer"], Trigger = Trigger.Find("all_finished")! });
        var (run, processes) = RunToEnd(Make, durability: FlowDurability.Step, throttle: throttle);

        Assert.Equal(counted + 2, processes); // one death that blames nobody, and the step that ends the run
        var failed = run.Of("killer");
        Assert.Equal((StateType.Failed, FlowErrorId.TaskCrashed), (failed.StateType, failed.Error!.Id));
        Assert.Contains(counted == 1 ? "once while" : $"{counted} times while", failed.Message, StringComparison.Ordinal);
        Assert.Contains($"step {counted + 1} on {Environment.MachineName}", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("step 1 on", failed.Message, StringComparison.Ordinal);
        Assert.Equal([StateType.Success, StateType.Failed, StateType.Success, StateType.TriggerFailed, StateType.Success], run.Types());
        Assert.Equal(counted + 1, _ran.Count(task => task == "killer"));
        Assert.Equal(1, failed.RunCount);
        Assert.Single(handler.Changes, change => change.Contains("->Failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Bodies_running_next_to_a_crashing_one_are_not_blamed()
    {
        TestFlow Make()
        {
            var flow = New();
            for (var i = 0; i < 6; i++)
                flow.Add(new($"t{i}", i == 4 ? Kills(_ => true) : TestFlow.Body(_ => null)));
            return flow;
        }

        var (run, _) = RunToEnd(Make, durability: FlowDurability.Step, throttle: 6);
        Assert.Equal(["t4"], run.Tasks.Where(task => task.Inner.Crashes.Count > 0 || task.StateType != StateType.Success).Select(task => task.Slug));
    }

    [Fact]
    public void After_a_crash_bodies_run_one_at_a_time_until_a_step_is_closed()
    {
        var deaths = 1;
        TestFlow Make()
        {
            var flow = New();
            for (var i = 0; i < 9; i++)
            {
                flow.Add(new($"t{i}", Kills(_ =>
                {
                    Thread.Sleep(50); // as long as others take to begin
                    return Interlocked.Decrement(ref deaths) >= 0;
                })));
            }

            return flow;
        }

        Assert.Throws<ProcessKilledException>(() => Step(Make(), throttle: 4, maxTasks: 3, out _));
        Step(Make(), throttle: 4, maxTasks: 3, out var alone);
        Step(Make(), throttle: 4, maxTasks: 4, out var together);
        Assert.Equal(1, alone.MostAtOnce);
        Assert.True(together.MostAtOnce > 1, "The step after one that ended in good order runs bodies at once.");
    }

    [Fact]
    public void Crashes_are_counted_across_closed_steps()
    {
        var mayKill = true;
        TestFlow Make() => New().Add(new("killer", Kills(_ => mayKill)) { MaxCrashes = 2 });
        void Die() => Assert.Throws<ProcessKilledException>(() => Step(Make(), 0, null, out _));
        Die();
        Die();
        Assert.Single(Read(Make()).Of("killer").Inner.Crashes);
        Step(New().Task("other").Add(new("killer", Kills(_ => true)) { MaxCrashes = 2 }), 0, maxTasks: 1, out _);
        Die();
        Die();
        var run = Step(Make(), 0, null, out _);
        Assert.Equal((StateType.Failed, 2), (run.Of("killer").StateType, run.Of("killer").Inner.Crashes.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_interrupted_step_that_says_so_has_not_crashed(bool isAlone)
    {
        if (isAlone)
            Assert.Throws<ProcessKilledException>(() => Step(New().Add(new("t", Kills(_ => true))), 0, null, out _));
        using var stop = new CancellationTokenSource();
        var interrupted = New().Add(new("t", TestFlow.Body((context, _) =>
        {
            stop.Cancel();
            if (isAlone) // by now the word is given, whatever becomes of the body
                Assert.Empty(Read(New().Task("t")).Of("t").Inner.Crashes);
            context.CancellationToken.ThrowIfCancellationRequested();
            return null;
        })));
        Assert.ThrowsAny<OperationCanceledException>(() => interrupted.Recorded(durability: FlowDurability.Step).Step("run", stop.Token));
        _process.Kill();

        var stored = StoredRun.Find(new(_store), new("flow", "run"), New().Task("t").Flow)!;
        Assert.Equal(isAlone, stored.HasCrashed); // that of the step before is not forgotten
        Assert.Empty(stored.Run.Of("t").Inner.Crashes);
        Assert.Equal(StateType.Success, Step(New().Task("t"), 0, null, out _).StateType);
    }

    [Fact]
    public void A_body_stopped_at_the_deadline_has_not_crashed()
    {
        Assert.Throws<ProcessKilledException>(() => Step(New().Add(new("t", Kills(_ => true))), 0, null, out _));
        var flow = new TestFlow(TimeProvider.System, new() { Store = _store }).Add(new("t", TestFlow.Body(_ => ThreadPoolBodies.WaitToBeStopped())));
        var run = flow.Recorded(throttle: 2, time: TimeSpan.FromMilliseconds(300)).Step("run");
        Assert.Equal(StateType.Pending, run.Of("t").StateType);
        Assert.Empty(run.Of("t").Inner.Crashes);
        Assert.False(StoredRun.Find(new(_store), new("flow", "run"), New().Task("t").Flow)!.HasCrashed);
    }

    [Fact]
    public void A_crashed_task_set_to_Pending_runs_again()
    {
        var kills = true;
        TestFlow Make() => New().Add(new("t", Kills(_ => kills)) { MaxCrashes = 1 });
        RunToEnd(Make);
        kills = false;
        Make().Ask(RequestKind.Edit, edit: ControlExtensions.To(StateType.Pending, "t"));
        Assert.Equal(StateType.Success, Step(Make(), 0, null, out _).StateType);
    }

    [Fact]
    public void Crashes_of_children_subflow_tasks_and_loop_passes_are_counted_separately()
    {
        TestFlow Make()
        {
            var inner = New("inner").Add(new("deep", Kills(_ => true)) { MaxCrashes = 1 });
            var flow = New().Task("list", _ => new object[] { 0, 1, 2 });
            flow.Add(new("each", Kills(context => context.MapIndex == 1)) { Map = [new("n", "list")], MaxCrashes = 2 });
            flow.Add(new("flow in it", Body: null) { Subflow = inner.Flow });
            var pass = 0;
            flow.Add(new("loop", TestFlow.Body((context, _) =>
            {
                if (context.LoopCount is 2 or 3 && !Has($"pass {context.LoopCount}", 2))
                    Die($"pass {context.LoopCount}");
                pass = context.LoopCount;
                return context.LoopCount < 4 ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of(pass) }, endsRun: false) : "looped";
            })));
            return flow;
        }

        var (run, _) = RunToEnd(Make);
        Assert.Equal([StateType.Success, StateType.Failed, StateType.Success], run.Of("each").Children.Select(child => child.StateType));
        Assert.Equal([0, 2, 0], run.Of("each").Children.Select(child => child.Inner.Crashes.Count));
        Assert.Equal((StateType.Failed, FlowErrorId.TaskCrashed), (run.Of("flow in it").Subflow!.Of("deep").StateType, run.Of("flow in it").Subflow!.Of("deep").Error!.Id));
        Assert.Equal((StateType.Success, 0), (run.Of("loop").StateType, run.Of("loop").Inner.Crashes.Count)); // two deaths in each of two passes are not four
    }

    [Fact]
    public void Any_flow_ends_whichever_bodies_crash_and_blames_no_other() =>
        Gen.Select(Gen.Int[0, 3].Array[2, 7], Gen.Int[0, 9].Array[7], Gen.Int[1, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 2])
        .Sample((upstream, deaths, maxCrashes, throttle, budget, durability) =>
        {
            var test = new CrashTests();
            TestFlow Make()
            {
                var flow = test.New(maxCrashes: maxCrashes);
                for (var i = 0; i < upstream.Length; i++)
                {
                    var name = $"t{i}";
                    var lives = deaths[i] >= 6 ? int.MaxValue : deaths[i] / 2; // most do not kill, and some always
                    flow.Add(new(name, Kills(_ => !test.Has($"death of {name}", lives), name, test))
                    {
                        After = upstream[i] < i ? [$"t{i - 1 - upstream[i]}"] : [],
                        Trigger = Trigger.Find("all_finished")!,
                    });
                }

                return flow;
            }

            var (run, _) = test.RunToEnd(Make, budget == 0 ? null : budget, (FlowDurability)durability, throttle);
            foreach (var task in run.Tasks)
            {
                var died = test._ran.Count(each => each == $"death of {task.Slug}");
                Assert.InRange(task.Inner.Crashes.Count, 0, Math.Min(died, maxCrashes));
                Assert.Equal(task.Inner.Crashes.Count == maxCrashes ? StateType.Failed : StateType.Success, task.StateType);
                if (deaths[int.Parse(task.Slug[1..], System.Globalization.CultureInfo.InvariantCulture)] >= 6)
                    Assert.Equal(FlowErrorId.TaskCrashed, task.Error?.Id);
            }
        }, iter: Series.Cases(150, 20_000), threads: 2);

    // A process of its own each time, until the run is over.
    private (FlowState Run, int Processes) RunToEnd(Func<TestFlow> make, int? maxTasks = null, FlowDurability? durability = null, int throttle = 0)
    {
        for (var process = 1; ; process++)
        {
            Assert.True(process < 200, "The run does not end.");
            try
            {
                var run = Step(make(), throttle, maxTasks, out _, durability);
                if (run.IsOver)
                    return (run, process);
            }
            catch (ProcessKilledException)
            {
            }
        }
    }

    private FlowState Step(TestFlow flow, int throttle, int? maxTasks, out ThreadPoolBodies pool, FlowDurability? durability = null)
    {
        var bodies = pool = new();
        var steps = new RecordedSteps(flow.Flow, run => new(run)
        {
            Budget = new() { MaxTasks = maxTasks, Throttle = throttle > 0 ? new(throttle) : null },
            Pool = throttle > 0 ? bodies : null,
            ResetCancelled = true,
            Durability = durability,
        });
        try
        {
            return steps.Step("run");
        }
        finally
        {
            _process.Kill();
        }
    }

    private FlowState Read(TestFlow flow) => StoredRun.Find(new(_store), new("flow", "run"), flow.Flow)!.Run;

    private TestFlow New(string name = "flow", int maxCrashes = 3)
    {
        if (name == "flow")
            _process = new(_store, call: 0, isAfter: false);
        return new(name, new() { Store = name == "flow" ? _process : null, MaxCrashes = maxCrashes });
    }

    private ITaskBody Kills(Func<FlowContext, bool> kills) => TestFlow.Body((context, _) => Run(context.TaskName, kills(context), context.TaskName));

    private static ITaskBody Kills(Func<FlowContext, bool> kills, string name, CrashTests test) =>
        TestFlow.Body((context, _) => test.Run(name, kills(context), $"death of {name}"));

    private object? Run(string name, bool kills, string death)
    {
        if (kills)
            Die(death);
        lock (_ran)
            _ran.Add(name);
        return null;
    }

    private void Die(string death)
    {
        lock (_ran)
        {
            if (!_process.IsDead) // a process that is dead does not try again
                _ran.Add(death);
        }

        _process.Kill();
        throw new ProcessKilledException();
    }

    private bool Has(string entry, int times)
    {
        lock (_ran)
            return _ran.Count(each => each == entry) >= times;
    }
}
