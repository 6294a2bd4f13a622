using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Runs;

/// <summary>A concurrency limit bounds the running tasks of a tag over all runs in a store.</summary>
public class LimitTests
{
    private const string Full = "Waits for a place: the one of tag 'db' is taken in the store.";

    private readonly IFlowStore _store = RecordedFlowExtensions.NewStore();

    [Fact]
    public void A_task_without_a_slot_is_Scheduled_while_others_run_and_the_step_ends()
    {
        FlowState waiting = null!;
        var other = Limited("other").Task("free");
        var holder = Limited("holder", body: () => waiting = other.Recorded().Step("run"));
        Assert.Equal(StateType.Success, holder.Recorded().Step("run").StateType);

        Assert.Equal((StateType.Scheduled, Full), (waiting.Of("task").StateType, waiting.Of("task").Message));
        Assert.Equal((StateType.Success, true), (waiting.Of("free").StateType, waiting.HasPending));
        Assert.InRange(waiting.NextStartTime!.Value - other.Clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Equal(["free"], other.Ran);

        other.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StateType.Success, other.Recorded().Step("run").StateType);
        Assert.Equal(["free", "task"], other.Ran);
        Assert.Equal(["limits/DB/limit.json"], Objects());
    }

    [Fact]
    public void A_waiting_step_retries_until_a_slot_is_free()
    {
        var looks = 0;
        var held = Hold();
        var flow = Limited("flow");
        flow.Sleeps = _ =>
        {
            if (++looks == 3)
                held.Dispose();
        };
        Assert.Equal(StateType.Success, flow.Recorded(wait: true).Step("run").StateType);
        Assert.Equal(3, looks);
    }

    [Fact]
    public void Retrying_for_a_slot_is_in_no_history_and_grows_no_document()
    {
        using var held = Hold();
        var flow = Limited("flow");
        for (var step = 0; step < 5; step++)
        {
            flow.Recorded().Step("run");
            flow.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(HistoryOf(flow), entry => entry.To == nameof(StateType.Scheduled));
    }

    [Fact]
    public void A_limit_that_differs_from_the_stores_is_an_error_that_names_both()
    {
        Limited("one", limit: 2).Recorded().Step("run");
        var e = Assert.Throws<FlowException>(() => Limited("other", limit: 3).Recorded().Step("run"));
        Assert.Equal(FlowErrorId.LimitDiffers, e.Id);
        Assert.Contains("specifies 3 places for tag 'db'", e.Message, StringComparison.Ordinal);
        Assert.Contains("has 2 places", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_store.AllRuns(), run => run.Flow == "other" && run.Step > 0);
    }

    [Fact]
    public void A_damaged_limit_is_an_error_that_names_its_object()
    {
        Limited("one").Recorded().Step("run");
        _store.WriteAll("limits/DB/limit.json", "{}"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Contains("'limits/DB/limit.json'", Assert.Throws<FlowException>(() => Limited("other").Recorded().Step("run")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_flow_without_limited_tasks_makes_no_extra_request(bool hasLimit)
    {
        Assert.Equal(Requests(new() { ConcurrencyLimits = Limits(("other", 2)) }), Requests(new()));

        List<string> Requests(FlowOptions options)
        {
            var store = new MeasuredStore(RecordedFlowExtensions.NewStore());
            var flow = new TestFlow("flow", (hasLimit ? options : new()) with { Store = store });
            flow.Add(new("a", TestFlow.Body(_ => 1)) { Tags = ["db"] }).Task("b", "a");
            flow.Recorded().Step("run");
            return [$"{store.Reads} {store.Lists} {store.Deletes}", .. store.Writes.Select(write => $"{write.Path.Split('/')[^1].Length}")];
        }
    }

    [Fact]
    public void In_parallel_the_limit_holds_and_no_task_of_one_step_is_postponed()
    {
        var (running, most) = (0, 0);
        var flow = Flow("flow", Limits(("db", 2)));
        for (var i = 0; i < 12; i++)
        {
            flow.Add(new($"t{i}", TestFlow.Body(_ =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                Thread.Sleep(20);
                return Interlocked.Decrement(ref running);
            }))
            { Tags = ["DB"] });
        }

        Assert.Equal(StateType.Success, flow.Recorded(throttle: 6).Step("run").StateType);
        Assert.Equal(2, most);
        Assert.DoesNotContain(HistoryOf(flow), entry => entry.To == nameof(StateType.Scheduled));
    }

    [Fact]
    public void Slots_of_several_tags_are_acquired_all_or_none()
    {
        using var held = Hold("mail");
        var flow = Flow("flow", Limits(("db", 1), ("mail", 1)));
        flow.Add(new("both", TestFlow.Body(_ => 1)) { Tags = ["db", "mail"] });
        flow.Add(new("one", TestFlow.Body(_ => 1)) { Tags = ["db"] });
        var run = flow.Recorded().Step("run");
        Assert.Equal("Waits for a place: the one of tag 'mail' is taken in the store.", run.Of("both").Message);
        Assert.Equal(StateType.Success, run.Of("one").StateType);
    }

    [Fact]
    public void A_retry_waiting_for_a_slot_keeps_its_number_and_a_failed_body_releases_its_slot()
    {
        IDisposable? held = null;
        var attempts = new List<int>();
        var flow = Flow("flow", Limits(("db", 1)));
        flow.Add(new("task", TestFlow.Body((context, _) =>
        {
            attempts.Add(context.RunCount);
            return context.RunCount == 1 ? throw new InvalidOperationException("no") : 1;
        }))
        { Tags = ["db"], Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] } });
        flow.Recorded().Step("run");
        Assert.Equal(["limits/DB/limit.json"], Objects());
        using (held = Hold())
        {
            flow.Clock.Advance(TimeSpan.FromMinutes(2));
            Assert.Equal((StateType.Scheduled, 2), flow.Recorded().Step("run").Of("task") is var task ? (task.StateType, task.RunCount) : default);
        }

        flow.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal([1, 2], attempts);
    }

    [Fact]
    public void A_step_that_lost_a_slot_is_stopped_and_the_task_runs_again()
    {
        var (bodies, told) = (0, false);
        var flow = Flow("flow", Limits(("db", 1)));
        flow.Add(new("task", TestFlow.Body((context, _) =>
        {
            if (++bodies > 1)
                return 1;
            var place = _store.ListAsync("limits/DB/0", TestContext.Current.CancellationToken).Wait().Single().Path; // suspended; taken by another step
            var text = System.Text.Encoding.UTF8.GetString(_store.ReadAll(place, TestContext.Current.CancellationToken)!);
            var at = text.IndexOf("\"holder\":\"", StringComparison.Ordinal) + 10;
            _store.WriteAll(place, System.Text.Encoding.UTF8.GetBytes(text[..at] + "other" + text[at..]), TestContext.Current.CancellationToken);
            flow.Clock.Advance(LeaseOptions.Default.RenewalInterval);
            told = context.CancellationToken.IsCancellationRequested;
            context.CancellationToken.ThrowIfCancellationRequested();
            return 2;
        }))
        { Tags = ["db"] });
        var e = Assert.Throws<FlowException>(() => flow.Recorded().Step("run"));
        Assert.Equal((FlowErrorId.PlaceLost, true), (e.Id, told));

        _store.DeleteAsync("limits/DB/0.json", version: null, TestContext.Current.CancellationToken).Wait();
        Assert.Equal(StateType.Success, flow.Recorded().Step("run").StateType);
        Assert.Equal(2, bodies);
    }

    [Fact]
    public void A_slot_not_renewed_in_time_counts_as_lost()
    {
        var (bodies, told) = (0, false);
        var store = new FaultyStore(_store);
        var flow = new TestFlow("flow", new() { Store = store, ConcurrencyLimits = Limits(("db", 1)) });
        flow.Add(new("task", TestFlow.Body((context, _) =>
        {
            if (++bodies > 1)
                return 1;
            store.IsDown = true;
            flow.Clock.Advance(LeaseOptions.Default.Duration - LeaseOptions.Default.RenewalInterval);
            Assert.False(context.CancellationToken.IsCancellationRequested);
            flow.Clock.Advance(LeaseOptions.Default.RenewalInterval);
            told = context.CancellationToken.IsCancellationRequested;
            store.IsDown = false;
            context.CancellationToken.ThrowIfCancellationRequested();
            return 2;
        }))
        { Tags = ["db"] });
        Assert.Equal((FlowErrorId.PlaceLost, true), (Assert.Throws<FlowException>(() => flow.Recorded().Step("run")).Id, told));
    }

    [Fact]
    public void A_slot_of_a_dead_process_is_free_at_once()
    {
        var gone = new LeaseContent("gone", ProcessIdentity.Current with { Started = "never" }, TimeSpan.FromMinutes(1), 0);
        _store.WriteAll("limits/DB/0.json", gone.ToBytes(), TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Success, Limited("flow").Recorded().Step("run").StateType);
    }

    [Fact]
    public async Task A_slot_of_a_dead_machine_is_free_when_its_lease_expires()
    {
        var gone = new LeaseContent("gone", new("another machine", 1, "never"), TimeSpan.FromSeconds(1), 0);
        _store.WriteAll("limits/DB/0.json", gone.ToBytes(), TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Scheduled, Limited("flow").Recorded().Step("run").StateType);
        await Task.Delay(TimeSpan.FromSeconds(2.3), TestContext.Current.CancellationToken);
        Assert.Equal(StateType.Success, Limited("other").Recorded().Step("run").StateType);
    }

    [Fact]
    public void A_subflow_task_holds_its_slots_except_those_its_tasks_need()
    {
        var inner = new TestFlow("inner");
        inner.Add(new("a", TestFlow.Body(_ => string.Join(' ', Objects()))) { Tags = ["db"] });
        var flow = Flow("flow", Limits(("db", 1), ("mail", 1)));
        flow.Add(new("outer", null) { Subflow = inner.Flow, Tags = ["db", "mail"] });
        var run = flow.Recorded().Step("run");
        Assert.Equal("limits/DB/0.json limits/DB/limit.json limits/MAIL/0.json limits/MAIL/limit.json", run.Of("outer").Result);
        Assert.Equal(["limits/DB/limit.json", "limits/MAIL/limit.json"], Objects());
    }

    [Fact]
    public void A_used_up_budget_acquires_no_slot()
    {
        var flow = Limited("flow");
        flow.Recorded(maxTasks: 0).Step("run");
        Assert.Equal(["limits/DB/limit.json"], Objects());
    }

    [Fact]
    public void A_plan_shows_a_missing_slot_and_writes_nothing()
    {
        var flow = Limited("flow");
        StepRequest Request() => new(new RunById(flow.Flow, "run", RunParameters.None));
        Assert.Equal(FlowPlanAction.Run, StepTaker.Plan(Request(), TestContext.Current.CancellationToken).Tasks.Single().Kind);
        Assert.Empty(Objects());
        using var held = Hold();
        var plan = StepTaker.Plan(Request(), TestContext.Current.CancellationToken).Tasks.Single();
        Assert.Equal((FlowPlanAction.Wait, Full.TrimEnd('.')), (plan.Kind, plan.Reason));
    }

    [Theory]
    [InlineData("{\"tag\":\"db\",\"places\":2}", FlowErrorId.LimitDiffers)]
    [InlineData("{}", null)]
    public void A_plan_fails_on_a_differing_limit_like_the_step(string stands, string? id)
    {
        _store.WriteAll("limits/DB/limit.json", System.Text.Encoding.UTF8.GetBytes(stands), TestContext.Current.CancellationToken);
        var flow = Limited("flow", limit: 3);
        var planned = Assert.Throws<FlowException>(() => StepTaker.Plan(new(new RunById(flow.Flow, "run", RunParameters.None)), TestContext.Current.CancellationToken));
        Assert.Equal(["limits/DB/limit.json"], Objects());
        var taken = Assert.Throws<FlowException>(() => flow.Recorded().Step("run"));
        Assert.Equal((taken.Id, taken.Message), (planned.Id, planned.Message));
        Assert.Equal(id ?? taken.Id, planned.Id);
    }

    [Theory]
    [InlineData("db", true, false)]
    [InlineData("DB", true, false)]
    [InlineData("db", false, true)]
    [InlineData("mail", true, true)]
    [InlineData(null, true, true)]
    public void Ineffective_limits_of_a_subflows_store_are_warned_of(string? outer, bool isSameStore, bool isTold)
    {
        var store = isSameStore ? _store : RecordedFlowExtensions.NewStore();
        var inner = Limited("inner").Task("free");
        var middle = new TestFlow("middle");
        middle.Add(new("sub", null) { Subflow = inner.Flow }).Add(new("again", null) { Subflow = inner.Flow });
        var flow = new TestFlow("flow", new() { Store = store, ConcurrencyLimits = outer is null ? Limits() : Limits((outer, 1)) });
        flow.Add(new("top", null) { Subflow = middle.Flow });
        var told = new List<string>();
        StepTaker.Take(new(new RunById(flow.Flow, "run", RunParameters.None)) { Notices = new RecordingNotices(told) }, TestContext.Current.CancellationToken);
        Assert.Equal(isTold ? ["Flow 'inner', which task 'sub' runs, has a store that limits 'db' (New-FlowStore -ConcurrencyLimit). "
            + "In a run of flow 'flow', these limits do not apply. Use the store with these limits for flow 'flow'."] : [], told);
    }

    [Fact]
    public void An_unneeded_limit_of_a_subflow_is_not_warned_of()
    {
        var told = new List<string>();
        var flow = new TestFlow("flow", new() { Store = _store });
        flow.Add(new("sub", null) { Subflow = Flow("inner", Limits(("db", 1))).Task("free").Flow });
        StepTaker.Take(new(new RunById(flow.Flow, "run", RunParameters.None)) { Notices = new RecordingNotices(told) }, TestContext.Current.CancellationToken);
        Assert.Empty(told);
    }

    [Fact]
    public void An_undo_acquires_and_releases_slots_like_its_task()
    {
        var undone = new List<string>();
        var flow = Flow("flow", Limits(("db", 1)));
        flow.Add(new("task", TestFlow.Body(_ => 1)) { Tags = ["db"], Undo = new RecordingUndo((_, _) => undone.Add(string.Join(' ', Objects()))) });
        flow.Add(new("free", TestFlow.Body(_ => 1)) { Undo = new RecordingUndo((_, _) => undone.Add("free")) });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        using (Hold())
        {
            var plan = StepTaker.Plan(new(new RunById(flow.Flow, "run", RunParameters.None)), TestContext.Current.CancellationToken).Tasks;
            Assert.Equal((FlowPlanAction.Wait, Full.TrimEnd('.')), (plan[0].Kind, plan[0].Reason));
            var waiting = flow.Recorded().Step("run");
            Assert.Equal(["free"], undone);
            Assert.True(waiting.HasPending);
            Assert.InRange(waiting.NextStartTime!.Value - flow.Clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
            flow.Clock.Advance(TimeSpan.FromMinutes(1));
            flow.Recorded().Step("run");
            Assert.Equal(["free"], undone);
        }

        flow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(flow.Recorded().Step("run").HasPending);
        Assert.Equal(["free", "limits/DB/0.json limits/DB/limit.json"], undone);
        Assert.Equal(["limits/DB/limit.json"], Objects());
    }

    [Fact]
    public void A_waiting_step_undoes_once_a_slot_is_free_and_a_retry_keeps_its_number()
    {
        var (looks, attempts) = (0, 0);
        var flow = Flow("flow", Limits(("db", 1)));
        flow.Add(new("task", TestFlow.Body(_ => 1))
        {
            Tags = ["db"],
            Retry = new() { MaxRetries = 1 },
            Undo = new RecordingUndo((_, _) => _ = ++attempts == 1 ? throw new InvalidOperationException("locked") : 1),
        });
        flow.Recorded().Step("run");
        flow.Ask(RequestKind.Undo);
        var held = Hold();
        flow.Sleeps = _ =>
        {
            if (++looks == 3)
                held.Dispose();
        };
        var run = flow.Recorded(wait: true).Step("run");
        Assert.Equal((true, 2, 3), (run.Of("task").IsUndone, attempts, looks));
    }

    private static Dictionary<string, int> Limits(params (string Tag, int Count)[] limits) => limits.ToDictionary(limit => limit.Tag, limit => limit.Count, StringComparer.Ordinal);

    private TestFlow Flow(string name, Dictionary<string, int> limits) => new(name, new() { Store = _store, ConcurrencyLimits = limits });

    private TestFlow Limited(string name, int limit = 1, Action? body = null) =>
        Flow(name, Limits(("db", limit))).Add(new("task", TestFlow.Body(_ =>
        {
            body?.Invoke();
            return 1;
        }))
        { Tags = ["db"] });

    private IDisposable Hold(string tag = "db")
    {
        var flow = Flow("holder", Limits((tag, 1))).Add(new("task", TestFlow.Body(_ => 1)) { Tags = [tag] });
        var places = StorePlaces.Open(new(_store), flow.Flow, () => { })!;
        return places.TryTake(flow.Flow.Tasks[0], out _)!;
    }

    private string[] Objects() => [.. _store.ListAsync("limits/", TestContext.Current.CancellationToken).Wait().Select(entry => entry.Path)];

    private IReadOnlyList<FlowTransition> HistoryOf(TestFlow flow) => RunHistory.Find(_store, flow.Flow.Name, "run")!.Changes;
}
