using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A task that a person has let go on is not asked about again, however its attempt is cut up.</summary>
public class ApprovalTests
{
    public static TheoryData<string> Forms => ["json", "compact", "prefect"];

    public static MatrixTheoryData<Place, DocumentForm> Places { get; } = new(Enum.GetValues<Place>(), Enum.GetValues<DocumentForm>());

    [Theory]
    [MemberData(nameof(Forms))]
    public void One_approval_covers_all_passes_of_a_loop(string form)
    {
        var flow = Looping(new());
        var run = Approved(flow);
        for (var pass = 1; pass < 3; pass++)
            Assert.Equal(StateType.Pending, (run = Travel(flow, flow.Step(run, maxTasks: 1), form)).Of("t").StateType);
        Assert.Equal("3: True", flow.Step(run).Of("t").Result);
    }

    [Fact]
    public void A_loop_whose_process_died_continues_from_its_record()
    {
        using var stop = new CancellationTokenSource();
        var options = new PrefectPS.Flows.FlowOptions { Store = RecordedFlowExtensions.NewStore() };
        var flow = Looping(options, pass => pass == 2, stop);
        var run = flow.Recorded().Step(flow.New()).Run;
        Assert.ThrowsAny<OperationCanceledException>(() => flow.Recorded().Step(run.Set("t", StateType.Resume), stop.Token));

        var next = Looping(options);
        var found = RecordedRuns.Read(next.Flow, run.RunId)!;
        Assert.Equal((StateType.Pending, 2), (found.Of("t").StateType, found.Of("t").Inner.LoopCount));
        Assert.Equal("3: True", next.Recorded().Step(run.RunId).Of("t").Result);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_task_stopped_at_a_deadline_keeps_its_approval(string form)
    {
        var attempts = 0;
        var flow = new TestFlow(TimeProvider.System);
        flow.Add(new("t", TestFlow.Body(_ => Interlocked.Increment(ref attempts) == 1 ? ThreadPoolBodies.WaitToBeStopped() : "second time")) { Trigger = Manual });
        var budget = new StepBudget { Time = TimeSpan.FromSeconds(0.1), Throttle = new(2) };
        var run = StepRunner.Run(
            Approved(flow), new() { Budget = budget, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Cancelled, run.Of("t").StateType);

        run = Travel(flow, run, form).Change((_, state) => state.Reset(null));
        Assert.Equal("second time", flow.Step(Travel(flow, run, form)).Of("t").Result);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_task_found_Running_keeps_its_approval(string form)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => "on")) { Trigger = Manual });
        var run = flow.New().Change((_, _) => State.Read(StateType.Running, StateMessages.Starting, new() { IsResumed = true }));
        Assert.Equal("on", flow.Step(Travel(flow, run, form)).Of("t").Result);
    }

    [Theory]
    [InlineData("""{"type":"Running"}""", StateType.Paused)]
    [InlineData("""{"type":"Running","context":{"task_run_count":2,"prefectps":{}}}""", StateType.Paused)]
    [InlineData("""{"type":"Running","context":{"prefectps":{"resumed":false}}}""", StateType.Paused)]
    [InlineData("""{"type":"Running","context":{"prefectps":{"resumed":true}}}""", StateType.Success)]
    [InlineData("""{"type":"Resume"}""", StateType.Success)]
    public void A_document_without_an_approval_grants_none(string state, StateType expected)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Manual });
        var document = $$"""[{"task":{"slug":"t"},"state":{{state}}}]""";
        Assert.Equal(expected, flow.Step(StateDocument.Read(flow.Flow, System.Text.Encoding.UTF8.GetBytes(document), new()).Run).Of("t").StateType);
    }

    [Fact]
    public void A_task_recomputed_for_its_result_needs_no_new_approval()
    {
        var flow = new TestFlow()
            .Add(new("t", TestFlow.Body(_ => "hunter2")) { Trigger = Manual, IsSensitive = true })
            .Add(new("use", TestFlow.Body(arguments => $"used {arguments[0].Value}")) { InputFrom = [new("x", "t")] });
        var run = flow.Travel(flow.Step(Approved(flow), maxTasks: 1, reset: true));
        Assert.Equal("used hunter2", flow.Step(run).Of("use").Result);
    }

    [Fact]
    public void Each_attempt_needs_an_approval_as_in_the_reference_engine()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body((context, _) => throw new InvalidOperationException($"{context.IsResumed}")))
        {
            Trigger = Manual,
            Retry = new() { MaxRetries = 1 }
        });
        Assert.Equal((StateType.Paused, 1), (flow.Step(Approved(flow)).Of("t").StateType, flow.Ran.Count));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Approving_an_outer_task_approves_what_waits_inside_it(Place place, DocumentForm form)
    {
        var placed = new PlacedTask(place, (_, _) => 1, task => task with { Trigger = Trigger.Find("manual_only")! });
        var run = form.Travel(placed.Flow, placed.Flow.RunAll());
        Assert.Equal((StateType.Paused, 0), (run.StateType, placed.Runs));

        run = new TaskEdit(StateType.Resume).ToStateEdit((task, child, path) => task.Name == placed.Outer && child is null && path.Length == 0).Of(run);
        run = placed.Flow.RunAll(form.Travel(placed.Flow, run));

        Assert.Equal((StateType.Success, placed.Count), (run.StateType, placed.Runs));
    }

    [Fact]
    public void A_task_set_to_Pending_needs_a_new_approval()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Manual });
        var run = flow.Step(Approved(flow));
        Assert.Equal(StateType.Success, run.Of("t").StateType);
        Assert.Equal(StateType.Paused, flow.Step(run.Change((_, state) => state.Reset(null))).Of("t").StateType);
    }

    [Fact]
    public void A_body_that_paused_knows_that_it_was_approved()
    {
        var flow = new TestFlow()
            .Add(new("t", TestFlow.Body((context, _) => context.IsResumed ? "on" : throw RecordingHandler.Signal(StateType.Paused, "look", endsRun: true))))
            .Add(new("other", TestFlow.Body((context, _) => context.IsResumed)));
        var run = flow.Step(Approved(flow));
        Assert.Equal([StateType.Success, StateType.Success], run.Types());
        Assert.Equal(("on", false), (run.Of("t").Result, run.Of("other").Result));
        Assert.Equal(["t", "other", "t"], flow.Ran);
    }

    [Theory]
    [InlineData(-1, StateType.Paused)]
    [InlineData(0, StateType.Success)]
    [InlineData(1, StateType.Success)]
    public void A_pause_until_a_time_ends_at_that_time(int milliseconds, StateType expected)
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body(_ => null)) { Trigger = Manual });
        var run = flow.New().Change((_, _) => new(StateType.Paused) { DueTime = TestFlow.Start.AddHours(1) });
        flow.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(expected, flow.Step(run).Of("t").StateType);
    }

    private static ITrigger Manual => Trigger.Find("manual_only")!;

    // The run once it is Paused and has been let go on.
    private static FlowState Approved(TestFlow flow)
    {
        var run = flow.Step(flow.New());
        Assert.Equal(StateType.Paused, run.Of("t").StateType);
        return flow.Travel(run.Set("t", StateType.Resume));
    }

    private static TestFlow Looping(PrefectPS.Flows.FlowOptions options, Predicate<int>? stops = null, CancellationTokenSource? stop = null) =>
        new TestFlow(options: options).Add(new("t", TestFlow.Body((context, _) =>
        {
            if (stops?.Invoke(context.LoopCount) == true)
            {
                stop!.Cancel();
                stop.Token.ThrowIfCancellationRequested();
            }

            return context.LoopCount < 3
                ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of(context.LoopCount) }, endsRun: false)
                : $"{context.LoopCount}: {context.IsResumed}";
        }))
        { Trigger = Manual });

    private static FlowState Travel(TestFlow flow, FlowState run, string form) => StateDocument.Read(
        flow.Flow,
        form switch
        {
            "compact" => CompactWriter.Write(run),
            "prefect" => PrefectWriter.Write(run),
            _ => FlowStateWriter.Write(run),
        },
        new()).Run;
}
