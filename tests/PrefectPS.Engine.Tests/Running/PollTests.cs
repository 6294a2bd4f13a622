using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

/// <summary>A polling task repeats over steps until its answer is accepted.</summary>
public class PollTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly AnswerTest _test = new(answer => answer is >= 3);
    private int _answer;

    public static TheoryData<string> Forms { get; } = ["json", "array", "compact", "memory"];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Polling_spans_steps_and_the_accepted_answer_is_the_result(string form)
    {
        var flow = Polling().Task("after", "poll");
        var run = Travel(flow, flow.Step(flow.New()), form);
        Assert.Equal((StateType.Scheduled, "Polling.", 1), (run.Of("poll").StateType, run.Of("poll").Message, run.Of("poll").RunCount));
        Assert.Equal((StateType.Scheduled, true, TestFlow.Start + Interval), (run.StateType, run.HasPending, run.NextStartTime));
        Assert.Null(run.Of("poll").Result);
        Assert.Same(run, flow.Step(run)); // not due

        flow.Clock.Advance(Interval);
        run = Travel(flow, flow.Step(run), form);
        Assert.Equal(TestFlow.Start + Interval + Interval, run.NextStartTime);
        flow.Clock.Advance(Interval);
        run = Travel(flow, flow.Step(run), form);
        Assert.Equal((StateType.Success, 3, 1), (run.StateType, run.Of("poll").Result, run.Of("poll").RunCount));
        Assert.Equal(StateMessages.Succeeded, run.Of("poll").Message);
        Assert.Null(run.States[0].Wait);
        Assert.Equal(["poll", "poll", "poll", "after"], flow.Ran);
        Assert.Equal([1, 2, 3], _test.Asked);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_waiting_step_polls_until_the_answer_is_accepted(int throttle)
    {
        var flow = Polling().Task("beside");
        var options = new StepOptions { Budget = new() { Wait = true, Throttle = throttle > 0 ? new(throttle) : null }, Pool = throttle > 0 ? new ThreadPoolBodies() : null };
        var run = StepRunner.Run(flow.New(), options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StateType.Success, 3), (run.StateType, run.Of("poll").Result));
        Assert.Equal(TestFlow.Start + Interval + Interval, flow.Clock.GetUtcNow());
    }

    [Fact]
    public void Polling_does_not_grow_the_document()
    {
        var flow = Polling(new AnswerTest(_ => false));
        var run = flow.Step(flow.New());
        var first = Sizes(run);
        for (var poll = 0; poll < 50; poll++)
        {
            flow.Clock.Advance(Interval);
            run = flow.Travel(flow.Step(run));
        }

        Assert.Equal(51, flow.Ran.Count);
        Assert.All(first.Zip(Sizes(run)), size => Assert.InRange(size.Second - size.First, 0, 12)); // step numbers and milliseconds may have more digits
    }

    [Fact]
    public void The_history_has_only_the_first_and_last_poll()
    {
        var store = RecordedFlowExtensions.NewStore();
        var test = new AnswerTest(answer => answer is >= 20);
        for (var poll = 0; poll < 20; poll++)
        {
            var flow = Polling(test, options: new() { Store = store });
            flow.Clock.Advance(Interval * poll);
            flow.Recorded().Step("run");
        }

        var course = RunHistory.Find(store, "flow", "run")!;
        Assert.Equal(["Running 0", "Scheduled 0", "Running 95", "Success 95"], course.Changes.Select(change => $"{change.To} {(change.Time - TestFlow.Start).TotalMinutes}"));
        Assert.Equal([null, null, "Scheduled", "Running"], course.Changes.Select(change => change.From == "Pending" ? null : change.From == "Running" && change.To == "Scheduled" ? null : change.From));
        Assert.Equal(20, course.Steps.Count);
    }

    [Fact]
    public void A_waiting_step_does_not_record_each_poll_either()
    {
        var flow = Polling(new AnswerTest(answer => answer is >= 200), options: new() { Store = RecordedFlowExtensions.NewStore() });
        flow.Recorded(wait: true).Step("run");
        Assert.Equal(200, flow.Ran.Count);
        Assert.Equal(["Running", "Scheduled", "Running", "Success"], RunHistory.Find(flow.Flow.Store!, "flow", "run")!.Changes.Select(change => change.To));
    }

    [Theory]
    [InlineData(WaitTimeoutAction.Fail, StateType.TimedOut)]
    [InlineData(WaitTimeoutAction.Skip, StateType.Skipped)]
    [InlineData(WaitTimeoutAction.Run, StateType.Success)]
    internal void Polling_times_out_as_configured_after_a_last_poll(WaitTimeoutAction action, StateType expected)
    {
        var flow = Polling(new AnswerTest(_ => false), poll => poll with { Timeout = TimeSpan.FromMinutes(12), TimeoutAction = action }, retry: new() { MaxRetries = 5 });
        flow.Add(new("after", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", "poll")], Trigger = Trigger.Find("all_finished")!, SkipOnUpstreamSkip = false });
        var run = flow.Step(flow.New());
        Assert.Equal("Polling until 2026-11-24 08:42:15Z.", run.Of("poll").Message);
        foreach (var minutes in new[] { 5, 10, 12 })
        {
            Assert.Equal(TestFlow.Start.AddMinutes(minutes), run.NextStartTime);
            flow.Clock.SetUtcNow(TestFlow.Start.AddMinutes(minutes));
            run = flow.Travel(flow.Step(run));
        }

        Assert.Equal(4, _answer);
        Assert.Equal((expected, 1), (run.Of("poll").StateType, run.Of("poll").RunCount));
        Assert.Equal(action == WaitTimeoutAction.Skip ? null : 4, run.Of("poll").Result);
        Assert.Equal(action == WaitTimeoutAction.Skip ? null : 4, run.Of("after").Result);
        if (action != WaitTimeoutAction.Run)
            Assert.Equal("Polled until 2026-11-24 08:42:15Z, and no answer was accepted.", run.Of("poll").Message);
        Assert.Equal(action == WaitTimeoutAction.Fail ? run.Of("poll").Message : null, run.Of("poll").Error?.Message);
    }

    [Fact]
    public void A_last_poll_after_the_timeout_still_counts()
    {
        var flow = Polling(change: poll => poll with { Timeout = TimeSpan.FromMinutes(12) });
        var run = flow.Step(flow.New());
        flow.Clock.Advance(TimeSpan.FromDays(300));
        _answer = 2;
        run = flow.Step(flow.Travel(run));
        Assert.Equal((StateType.Success, 3), (run.StateType, run.Of("poll").Result));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Polls_are_no_retries_and_retries_are_no_polls(string form)
    {
        var flow = new TestFlow();
        var fails = new[] { true, false, true, false, true };
        flow.Add(new("poll", TestFlow.Body(_ => fails[_answer++] ? throw new InvalidOperationException($"no {_answer}") : "not yet"))
        {
            Poll = new(new AnswerTest(_ => false)) { Interval = Interval, Timeout = TimeSpan.FromHours(1) },
            Retry = new() { MaxRetries = 2, Delays = [TimeSpan.FromMinutes(2)] },
        });
        var seen = new List<(StateType, int, double?)>();
        for (var run = flow.New(); run.HasPending;)
        {
            if (run.NextStartTime is { } next)
                flow.Clock.SetUtcNow(next);
            run = Travel(flow, flow.Step(run), form);
            seen.Add((run.Of("poll").StateType, run.Of("poll").RunCount, (run.States[0].Wait?.Until - TestFlow.Start)?.TotalMinutes));
        }

        // The poll timeout starts once, with the first attempt, which failed.
        Assert.Equal(
            [
                (StateType.Retrying, 1, 60), (StateType.Scheduled, 2, 60), (StateType.Retrying, 2, 60), (StateType.Scheduled, 3, 60), (StateType.Failed, 3, 60),
            ],
            seen);
    }

    [Fact]
    public void A_poll_whose_process_was_killed_is_repeated_within_the_same_timeout()
    {
        var store = RecordedFlowExtensions.NewStore();
        TestFlow Make(IFlowStoreOf of, double minutes)
        {
            var flow = Polling(change: poll => poll with { Timeout = TimeSpan.FromMinutes(12) }, options: new() { Store = of(store), MaxCrashes = 100 });
            flow.Clock.Advance(TimeSpan.FromMinutes(minutes));
            return flow;
        }

        Make(s => s, 0).Recorded().Step("run");
        for (var call = 1; call < 100; call++)
        {
            _answer = 1;
            var copy = call;
            DyingStore? dying = null;
            var killed = Make(s => dying = new DyingStore(s, copy, isAfter: copy % 2 == 0), 5);
            try
            {
                killed.Recorded().Step("run");
                dying!.HasEnded = true;
                break;
            }
            catch (ProcessKilledException)
            {
                Assert.Equal(TestFlow.Start.AddMinutes(12), RecordedRuns.Read(Make(s => s, 0).Flow, "run")!.States[0].Wait!.Until);
            }
        }

        var last = Make(s => s, 30);
        Assert.Equal((StateType.Success, 3), last.Recorded().Step("run") is var run ? (run.StateType, run.Of("poll").Result) : default);
    }

    [Fact]
    public void An_interrupted_poll_continues_with_its_remaining_time()
    {
        var flow = Polling(change: poll => poll with { Timeout = TimeSpan.FromMinutes(12) });
        var states = new RunStates(flow.Step(flow.New()));
        states.Settle(flow.Flow.Tasks[0], null, states.StateOf(0, null)!.Start(1, false, TestFlow.Start.AddMinutes(5)));
        flow.Clock.Advance(TimeSpan.FromMinutes(12));
        var run = flow.Step(flow.Travel(states.ToState(states.Start.Identity)));
        Assert.Equal((StateType.TimedOut, 2), (run.Of("poll").StateType, run.Of("poll").Result));
    }

    [Fact]
    public void Children_poll_independently()
    {
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2, 3 });
        var polls = new Dictionary<object, int>();
        flow.Add(new("each", TestFlow.Body(arguments => arguments[0].Value is var n && (polls[n!] = polls.GetValueOrDefault(n!) + 1) >= (int)n! ? n : null))
        {
            Map = [new("n", "list")],
            Poll = new(new AnswerTest(answer => answer is not null)) { Interval = Interval },
        });
        var run = flow.Travel(flow.Step(flow.New()));
        Assert.Equal([StateType.Success, StateType.Scheduled, StateType.Scheduled], run.Of("each").Children.Select(child => child.StateType));
        Assert.Equal((StateType.Scheduled, TestFlow.Start + Interval), (run.StateType, run.NextStartTime));
        flow.Clock.Advance(Interval);
        run = flow.Travel(flow.Step(run, maxTasks: 1, reset: true));
        Assert.Equal([StateType.Success, StateType.Success, StateType.Scheduled], run.Of("each").Children.Select(child => child.StateType));
        run = flow.RunAll(run);
        Assert.Equal([1, 2, 3], run.Of("each").Children.Select(child => child.Result));
        Assert.Equal([1, 2, 3], polls.Values);
    }

    [Fact]
    public void Each_poll_counts_in_the_budget_and_a_cancelled_task_continues_polling()
    {
        var flow = Polling(change: poll => poll with { Timeout = TimeSpan.FromMinutes(12) }).Task("other");
        var run = flow.Step(flow.New(), maxTasks: 1, reset: true);
        Assert.Equal((StateType.Scheduled, StateType.Pending), (run.Of("poll").StateType, run.Of("other").StateType));
        flow.Clock.Advance(TimeSpan.FromMinutes(12));
        run = flow.Travel(flow.Step(run, maxTasks: 0));
        Assert.Equal((StateType.Cancelled, TestFlow.Start.AddMinutes(12)), (run.Of("poll").StateType, run.States[0].Wait!.Until));
        run = flow.Step(run.ResetCancelled());
        Assert.Equal((StateType.TimedOut, 2), (run.Of("poll").StateType, run.Of("poll").Result));
    }

    [Fact]
    public void Approval_lasts_across_polls_and_each_loop_pass_has_the_full_timeout()
    {
        var flow = new TestFlow();
        flow.Add(new("poll", TestFlow.Body((context, _) => ++_answer % 3 == 0 && context.LoopCount < 2
            ? throw new FlowSignalException(new(StateType.Looped), endsRun: false)
            : $"{context.LoopCount}.{_answer} {context.IsResumed}"))
        {
            Poll = new(new AnswerTest(answer => answer is string text && text.StartsWith("2.6", StringComparison.Ordinal))) { Interval = Interval, Timeout = TimeSpan.FromHours(1) },
            Trigger = new ManualOnly(),
        });
        var run = flow.RunAll(AnyFlow.Approve(flow.Travel(flow.Step(flow.New()))));
        Assert.Equal((StateType.Success, "2.6 True"), (run.StateType, run.Of("poll").Result));
        Assert.Equal(TestFlow.Start + (4 * Interval), flow.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Rejected_answers_are_not_written_and_a_target_or_cached_result_ends_polling()
    {
        var store = RecordedFlowExtensions.NewStore();
        var flow = Polling(options: new() { Store = store, Target = "{task_name}.json" });
        var run = flow.Step(flow.New());
        Assert.Null(await store.ReadAsync("poll.json", TestContext.Current.CancellationToken));
        flow.Clock.Advance(Interval);
        new TestFlow(options: new() { Store = store, Target = "{task_name}.json" }).Task("poll", _ => 9).RunAll();
        run = flow.Step(flow.Travel(run));
        Assert.Equal((StateType.Cached, 9), (run.Of("poll").StateType, run.Of("poll").Result));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failing_answer_test_fails_the_attempt(bool isRetried)
    {
        var flow = Polling(new AnswerTest(_ => throw new InvalidOperationException("no property")), retry: isRetried ? new() { MaxRetries = 1 } : null);
        var run = flow.Step(flow.New());
        Assert.Equal((StateType.Failed, "Unexpected error while checking the answer of a poll: no property"), (run.Of("poll").StateType, run.Of("poll").Message));
        Assert.Equal(isRetried ? 2 : 1, _answer);
    }

    [Fact]
    public void A_signal_of_the_body_or_the_test_ends_the_task()
    {
        var flow = new TestFlow();
        flow.Add(new("body", TestFlow.Body(_ => throw new FlowSignalException(new(StateType.Success) { Result = TaskResult.Of(0) }, endsRun: false))) { Poll = new(_test) });
        flow.Add(new("test", TestFlow.Body(_ => 1)) { Poll = new(new AnswerTest(_ => throw RecordingHandler.Signal(StateType.Skipped, "enough"))) });
        var run = flow.RunAll();
        Assert.Equal([StateType.Success, StateType.Skipped], run.Types());
        Assert.Empty(_test.Asked);
    }

    [Fact]
    public void A_reset_restarts_the_polling_timeout_and_postponing_does_not()
    {
        var flow = Polling(new AnswerTest(_ => false), poll => poll with { Timeout = TimeSpan.FromMinutes(12) });
        var run = flow.Step(flow.New());
        flow.Clock.Advance(Interval);
        var reset = flow.Step(new TaskEdit(StateType.Pending) { Tasks = ["poll"] }.ToStateEdit().Of(run));
        Assert.Equal(TestFlow.Start.AddMinutes(17), reset.States[0].Wait!.Until);
        var off = new TaskEdit(StateType.Scheduled) { Tasks = ["poll"], DueTime = TestFlow.Start.AddMinutes(11) }.ToStateEdit().Of(run);
        Assert.Equal((TestFlow.Start.AddMinutes(11), TestFlow.Start.AddMinutes(12)), (off.NextStartTime, off.States[0].Wait!.Until));
    }

    [Fact]
    public void A_secret_answer_is_tested_and_never_written()
    {
        var flow = new TestFlow();
        flow.Add(new("poll", TestFlow.Body(_ => $"password {++_answer}")) { IsSensitive = true, Poll = new(new AnswerTest(_ => _answer == 2)) { Interval = Interval } });
        flow.Add(new("after", TestFlow.Body(arguments => ((string)arguments[0].Value!).Length)) { InputFrom = [new("x", "poll")] });
        var run = flow.Step(flow.New());
        Assert.DoesNotContain("password", Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
        run = flow.RunAll(flow.Travel(run));
        Assert.Equal((StateType.Success, 10), (run.StateType, run.Of("after").Result));
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("signals")]
    [InlineData("writes")]
    [InlineData("handler")]
    public void A_secret_answer_is_masked_in_the_tests_errors(string how)
    {
        ITaskOutput? output = null;
        string? written = null;
        var test = new AnswerTest(answer => how switch
        {
            "throws" => throw new InvalidOperationException($"bad token {answer}"),
            "signals" => throw RecordingHandler.Signal(StateType.Failed, $"bad token {answer}"),
            "writes" => (written = output!.Take(FlowLogSource.Host, $"bad token {answer}")) is null,
            _ => true,
        });
        var flow = new TestFlow();
        flow.Add(new("poll", TestFlow.Body((context, _) =>
        {
            output = context.Output;
            output!.Take(FlowLogSource.Host, "asks");
            return "hunter2";
        }))
        {
            IsSensitive = true,
            Poll = new(test) { Interval = Interval },
            StateHandlers = how == "handler" ? [Replacing("no"), Replacing("bad token hunter2")] : [],
        });
        var run = flow.Step(flow.New());
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
        Assert.Contains("bad token (secret)", written ?? run.Of("poll").Message, StringComparison.Ordinal);

        static IStateHandler Replacing(string message) => new RecordingHandler((_, now) => now.StateType.IsFinished() ? now.With(new(StateType.Failed, message)) : null);
    }

    [Fact]
    public void Only_the_last_answer_must_be_serializable()
    {
        var flow = new TestFlow(options: new() { Store = RecordedFlowExtensions.NewStore() });
        flow.Add(new("poll", TestFlow.Body(_ => new Func<int>(() => 1))) { Poll = new(new AnswerTest(_ => false)) { Interval = Interval, Timeout = Interval } });
        var run = flow.Recorded().Step("run");
        Assert.Equal(StateType.Scheduled, run.Of("poll").StateType);
        flow.Clock.Advance(Interval);
        Assert.Equal(StateType.Failed, flow.Recorded().Step("run").Of("poll").StateType);
    }

    [Fact]
    public void A_plan_shows_the_next_poll_and_what_follows_as_unknown()
    {
        var flow = Polling(new AnswerTest(_ => false)).Task("after", "poll").Task("beside");
        Assert.Equal(
            ["poll: Run (has not run)", "after: Unknown (is downstream of 'poll', whose outcome is not known)", "beside: Run (has not run)"], Plan(flow.New()));
        var run = flow.Step(flow.New());
        Assert.Equal(["poll: Wait (its next poll is at 2026-11-24 08:35:15Z)", "after: Wait (is downstream of 'poll', which waits)"], Plan(run)[..2]);
        flow.Clock.Advance(Interval);
        Assert.Equal("poll: Run (its next poll was due at 2026-11-24 08:35:15Z)", Plan(run)[0]);
        Assert.Single(flow.Ran, "poll");
    }

    [Fact]
    public void A_mocked_task_neither_polls_nor_is_delayed()
    {
        var flow = new TestFlow();
        flow.Add(new("poll", TestFlow.Body(_ => 1)) { Poll = new(_test), Delay = TimeSpan.FromHours(6) });
        var tried = new FlowDouble(flow.Flow.Services, store: null, (_, _) => new(TestFlow.Body(_ => 2), [])).Of(flow.Flow);
        var run = StepRunner.Run(FlowState.New(tried), new(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((StateType.Success, 2), (run.StateType, run.Of("poll").Result));
        Assert.Empty(_test.Asked);
    }

    [Fact]
    public void Options_that_conflict_with_polling_are_rejected_at_definition()
    {
        var options = new TaskOptions("a", TestFlow.Body(_ => 1)) { Poll = new(_test) };
        foreach (var (refused, expected) in new[]
        {
            (options with { Event = new("e") }, "both -Until and -WaitForEvent"),
            (options with { Body = null, Subflow = new TestFlow("inner").Task("x").Flow }, "-Until only applies to a script block"),
            (options with { Poll = new(_test) { TimeoutAction = WaitTimeoutAction.Skip } }, "-WaitTimeout"),
        })
            Assert.Contains(expected, Assert.Throws<FlowException>(() => new TestFlow().Add(refused)).Message, StringComparison.Ordinal);
    }

    private static List<string> Plan(FlowState run) =>
        [.. StepPlanner.Plan(run, new(), TestContext.Current.CancellationToken).Select(plan => $"{plan}")];

    private static int[] Sizes(FlowState run) => [FlowStateWriter.Write(run).Length, PrefectWriter.Write(run).Length, CompactWriter.Write(run).Length];

    private static FlowState Travel(TestFlow flow, FlowState run, string form) => form switch
    {
        "json" => flow.Travel(run),
        "array" => FlowStateReader.Read(flow.Flow, PrefectWriter.Write(run)).Run,
        "compact" => StateDocument.Read(flow.Flow, CompactWriter.Write(run), ReadingOptions.Default).Run,
        _ => run,
    };

    private TestFlow Polling(AnswerTest? test = null, Func<PollPolicy, PollPolicy>? change = null, RetryPolicy? retry = null, FlowOptions? options = null)
    {
        var poll = new PollPolicy(test ?? _test) { Interval = Interval };
        return new TestFlow(options: options).Add(new("poll", TestFlow.Body(_ => ++_answer)) { Poll = change?.Invoke(poll) ?? poll, Retry = retry });
    }

    private delegate IFlowStore IFlowStoreOf(IFlowStore store);
}
