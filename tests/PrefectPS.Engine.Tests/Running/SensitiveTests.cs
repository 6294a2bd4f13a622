using System.Security;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Running;

public sealed class SensitiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secrets").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_sensitive_result_is_handed_on_within_a_step_and_never_written()
    {
        var flow = WithToken();

        var run = flow.Step(flow.New());

        Assert.Equal("used hunter2", run.Of("use").Result);
        Assert.Equal("hunter2", run.Of("token").Result);
        Assert.DoesNotContain("hunter2\"", Encoding.UTF8.GetString(FlowStateWriter.Write(flow.Step(flow.New(), maxTasks: 1))), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2\"", Encoding.UTF8.GetString(PrefectWriter.Write(flow.Step(flow.New(), maxTasks: 1))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Who_needs_it_in_a_later_step_makes_its_producer_run_again_outside_the_budget(int maxTasks)
    {
        var flow = WithToken().Add(new("again", Use()) { InputFrom = [new("t", "token")], After = ["use"] });

        var steps = flow.RunInSteps(maxTasks);

        Assert.Equal(StateType.Success, steps[^1].State);
        Assert.Equal("used hunter2", steps[^1].Of("again").Result);
        Assert.Equal(maxTasks == 1 ? 3 : 2, steps.Count);
        Assert.Equal(maxTasks == 1 ? ["token", "token", "use", "token", "again"] : ["token", "use", "token", "again"], flow.Ran);
    }

    [Fact]
    public void It_runs_again_once_a_step_whoever_needs_it()
    {
        var flow = WithToken().Add(new("again", Use()) { InputFrom = [new("t", "token")] });

        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));
        Assert.Null(run.Of("token").Result);
        flow.Step(run);

        Assert.Equal(["token", "token", "use", "again"], flow.Ran);
    }

    [Fact]
    public void Nobody_who_needs_it_and_it_does_not_run_again()
    {
        var flow = WithToken().Task("other", "use");

        flow.RunAll(flow.Travel(flow.Step(flow.New(), maxTasks: 2, reset: true)));

        Assert.Equal(["token", "use", "other"], flow.Ran);
    }

    [Fact]
    public void One_that_is_made_of_another_makes_that_run_again_too()
    {
        var flow = new TestFlow()
            .Add(new("key", TestFlow.Body(_ => "k")) { IsSensitive = true })
            .Add(new("token", TestFlow.Body(x => $"token of {x[0].Value}")) { IsSensitive = true, InputFrom = [new("key", "key")] })
            .Add(new("use", Use()) { InputFrom = [new("t", "token")] });

        var run = flow.RunAll(flow.Travel(flow.Step(flow.New(), maxTasks: 2, reset: true)));

        Assert.Equal("used token of k", run.Of("use").Result);
        Assert.Equal(["key", "token", "key", "token", "use"], flow.Ran);
    }

    [Fact]
    public void When_it_fails_as_it_runs_again_its_own_retries_count_and_the_other_waits()
    {
        var runs = 0;
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => ++runs == 2 ? throw new InvalidOperationException("no answer") : "hunter2"))
            {
                IsSensitive = true,
                Retry = new() { MaxRetries = 1, Delays = [TimeSpan.FromMinutes(1)] },
            })
            .Add(new("use", Use()) { InputFrom = [new("t", "token")] });

        var waiting = flow.Travel(flow.Step(flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true))));
        Assert.Equal(StateType.Retrying, waiting.Of("token").State);
        Assert.Equal(StateType.Pending, waiting.Of("use").State);
        flow.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("used hunter2", flow.Step(waiting).Of("use").Result);
    }

    [Fact]
    public void When_it_fails_for_good_as_it_runs_again_the_other_is_trigger_failed()
    {
        var runs = 0;
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => ++runs == 2 ? throw new InvalidOperationException("no answer") : "hunter2")) { IsSensitive = true })
            .Add(new("use", Use()) { InputFrom = [new("t", "token")] });

        var run = flow.Step(flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true)));

        Assert.Equal("Error during execution of task: no answer", run.Of("token").Message);
        Assert.Equal(StateType.TriggerFailed, run.Of("use").State);
    }

    [Fact]
    public void With_a_budget_that_is_used_up_it_does_not_run_again_in_vain()
    {
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Task("first")
            .Add(new("use", Use()) { InputFrom = [new("t", "token")] });

        flow.Step(flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true)), maxTasks: 1);

        Assert.Equal(["token", "first"], flow.Ran);
    }

    [Fact]
    public void Mapped_over_and_mapped_itself_its_elements_come_back()
    {
        var flow = new TestFlow()
            .Add(new("keys", TestFlow.Body(_ => new[] { "a", "b" })) { IsSensitive = true })
            .Add(new("tokens", TestFlow.Body(x => $"t{x[0].Value}")) { IsSensitive = true, Map = [new("k", "keys")] })
            .Add(new("use", Use()) { Map = [new("t", "tokens")] });

        var steps = flow.RunInSteps(maxTasks: 1);

        Assert.Equal(new object[] { "used ta", "used tb" }, steps[^1].Of("use").Result);
        Assert.All(steps, step => Assert.DoesNotContain("\"ta\"", Encoding.UTF8.GetString(FlowStateWriter.Write(step)), StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_store_nothing_of_it_is_in_the_store()
    {
        var flow = new TestFlow("flow", new() { Store = new FolderStore(_folder), Target = "{task_name}.json" })
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("use", TestFlow.Body(x => $"{x[0].Value}".Length)) { InputFrom = [new("t", "token")] });

        Assert.Equal(7, flow.RunInSteps(maxTasks: 1)[^1].Of("use").Result);

        Assert.Equal(["use.json"], Written());
    }

    [Fact]
    public void A_secret_inside_of_a_value_makes_the_value_one()
    {
        using var secret = new SecureString();
        var flow = new TestFlow("flow", new() { Store = new FolderStore(_folder) })
            .Task("login", _ => new Dictionary<string, object> { ["user"] = "ann", ["keys"] = new object[] { secret } })
            .Add(new("use", TestFlow.Body(x => ((Dictionary<string, object>)x[0].Value!)["user"])) { InputFrom = [new("t", "login")] });

        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));
        Assert.Empty(Written());
        run = flow.Step(run);

        Assert.Equal("ann", run.Of("use").Result);
        Assert.Equal(["login", "login", "use"], flow.Ran);
    }

    [Fact]
    public void The_result_of_a_subflow_that_ends_in_one_is_one()
    {
        var inner = new TestFlow("inner").Task("a").Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true, After = ["a"] });
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow }).Add(new("use", Use()) { InputFrom = [new("t", "sub")] });

        var steps = flow.RunInSteps(maxTasks: 1);

        Assert.Equal("used hunter2", steps[^1].Of("use").Result);
        Assert.Equal(["a", "token", "token"], inner.Ran);
        Assert.All(steps, step => Assert.DoesNotContain("\"hunter2\"", Encoding.UTF8.GetString(FlowStateWriter.Write(step)), StringComparison.Ordinal));
    }

    [Fact]
    public void Side_by_side_it_runs_again_for_who_needs_it()
    {
        var flow = new TestFlow(TimeProvider.System)
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("one", Use()) { InputFrom = [new("t", "token")] })
            .Add(new("two", Use()) { InputFrom = [new("t", "token")] });
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));

        run = StepRunner.Run(run, new() { Throttle = new(4) }, pool: new ThreadPoolBodies(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("used hunter2", run.Of("one").Result);
        Assert.Equal("used hunter2", run.Of("two").Result);
        Assert.Equal(2, flow.Ran.Count(task => task == "token"));
    }

    [Fact]
    public void A_loop_whose_passes_are_secret_begins_again_in_the_next_step()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body((context, _) => context.LoopCount < 3
            ? throw new FlowSignalException(new State(StateType.Looped) { Result = PrefectPS.Results.TaskResult.Of($"part {context.LoopCount}") }, endsRun: false)
            : "done"))
        { IsSensitive = true });

        var first = flow.Step(flow.New(), maxTasks: 2, reset: true);

        Assert.DoesNotContain("part", Encoding.UTF8.GetString(FlowStateWriter.Write(first)), StringComparison.Ordinal);
        Assert.Equal(StateType.Success, flow.Step(flow.Travel(first)).State);
        Assert.Equal(5, flow.Ran.Count);
    }

    [Fact]
    public void It_can_have_no_target_of_its_own()
    {
        var flow = new TestFlow("flow", new() { Store = new FolderStore(_folder) });

        var error = Assert.Throws<FlowException>(() => flow.Add(new("token", TestFlow.Body(_ => 1)) { IsSensitive = true, Target = "token.json" }));

        Assert.Equal("Task 'token': a sensitive result is never written, so it has no target.", error.Message);
    }

    private IEnumerable<string?> Written() => Directory.GetFiles(_folder, "*.json", SearchOption.AllDirectories).Select(Path.GetFileName);

    private static ITaskBody Use() => TestFlow.Body(x => $"used {x[0].Value}");

    private static TestFlow WithToken() => new TestFlow()
        .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
        .Add(new("use", Use()) { InputFrom = [new("t", "token")] });
}
