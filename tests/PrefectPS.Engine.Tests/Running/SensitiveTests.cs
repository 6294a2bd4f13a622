using System.Security;
using System.Text;
using PrefectPS.Documents;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;
using PrefectPS.Triggers;

namespace PrefectPS.Engine.Tests.Running;

public sealed class SensitiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secrets").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_secret_that_equals_a_word_of_a_standard_message_does_not_mask_it()
    {
        var run = new TestFlow().Add(new("token", TestFlow.Body(_ => "succeeded.")) { IsSensitive = true }).RunAll();
        Assert.Equal("Task run succeeded.", run.Of("token").Message);
    }

    [Fact]
    public void A_loop_that_became_sensitive_is_not_written_any_more()
    {
        TestFlow Make(bool isSensitive) => new TestFlow().Add(new("loop", TestFlow.Body((context, _) => context.LoopCount < 3
            ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of("hunter2") }, endsRun: false)
            : context.LoopResult))
        { IsSensitive = isSensitive });
        var open = Make(isSensitive: false);
        var document = FlowStateWriter.Write(open.Step(open.New(), maxTasks: 1, reset: true));
        Assert.Contains("hunter2", Encoding.UTF8.GetString(document), StringComparison.Ordinal);

        var read = FlowStateReader.Read(Make(isSensitive: true).Flow, document).Run;

        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(FlowStateWriter.Write(read)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_maps_result_is_secret_if_a_childs_is()
    {
        State Mapped(params TaskResult?[] results) =>
            new(StateType.Mapped) { Children = Array.ConvertAll(results, result => new State(StateType.Success) { Result = result }) };
        Assert.Equal([1, 2], (object[])Mapped(TaskResult.Of(1), TaskResult.Of(2)).WholeResult()!.Value!);
        Assert.False(Mapped(TaskResult.Of(1), TaskResult.Of(2)).WholeResult()!.IsSecret);
        Assert.True(Mapped(TaskResult.Of(1), TaskResult.Secret(2)).WholeResult()!.IsSecret);
        Assert.True(Mapped(TaskResult.Secret(1), TaskResult.Lost).WholeResult()!.IsLost);
    }

    [Fact]
    public void A_sensitive_result_is_passed_within_a_step_and_never_written()
    {
        var flow = WithToken();

        var run = flow.Step(flow.New());

        Assert.Equal("used hunter2", run.Of("use").Result);
        Assert.Equal("hunter2", ((FlowSecret)run.Of("token").Result!).Reveal());
        Assert.Equal("(secret)", $"{run.Of("token").Result}");
        Assert.DoesNotContain("hunter2\"", Encoding.UTF8.GetString(FlowStateWriter.Write(flow.Step(flow.New(), maxTasks: 1))), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2\"", Encoding.UTF8.GetString(PrefectWriter.Write(flow.Step(flow.New(), maxTasks: 1))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_consumer_in_a_later_step_reruns_the_producer_free_of_budget(int maxTasks)
    {
        var flow = WithToken().Add(new("again", Use()) { InputFrom = [new("t", "token")], After = ["use"] });

        var steps = flow.RunInSteps(maxTasks);

        Assert.Equal(StateType.Success, steps[^1].StateType);
        Assert.Equal("used hunter2", steps[^1].Of("again").Result);
        Assert.Equal(maxTasks == 1 ? 3 : 2, steps.Count);
        Assert.Equal(maxTasks == 1 ? ["token", "token", "use", "token", "again"] : ["token", "use", "token", "again"], flow.Ran);
    }

    [Fact]
    public void A_producer_reruns_once_per_step_for_all_consumers()
    {
        var flow = WithToken().Add(new("again", Use()) { InputFrom = [new("t", "token")] });

        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));
        Assert.Null(run.Of("token").Result);
        flow.Step(run);

        Assert.Equal(["token", "token", "use", "again"], flow.Ran);
    }

    [Fact]
    public void A_producer_without_consumers_does_not_rerun()
    {
        var flow = WithToken().Task("other", "use");

        flow.RunAll(flow.Travel(flow.Step(flow.New(), maxTasks: 2, reset: true)));

        Assert.Equal(["token", "use", "other"], flow.Ran);
    }

    [Fact]
    public void A_secret_derived_from_another_reruns_both_producers()
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
    public void A_failing_rerun_uses_its_own_retries_while_the_consumer_waits()
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
        Assert.Equal(StateType.Retrying, waiting.Of("token").StateType);
        Assert.Equal(StateType.Pending, waiting.Of("use").StateType);
        flow.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("used hunter2", flow.Step(waiting).Of("use").Result);
    }

    [Fact]
    public void A_finally_failed_rerun_makes_the_consumer_TriggerFailed()
    {
        var runs = 0;
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => ++runs == 2 ? throw new InvalidOperationException("no answer") : "hunter2")) { IsSensitive = true })
            .Add(new("use", Use()) { InputFrom = [new("t", "token")] });

        var run = flow.Step(flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true)));

        Assert.Equal("Error during execution of task: no answer", run.Of("token").Message);
        Assert.Equal(StateType.TriggerFailed, run.Of("use").StateType);
    }

    [Fact]
    public void A_producer_does_not_rerun_with_the_budget_used_up()
    {
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Task("first")
            .Add(new("use", Use()) { InputFrom = [new("t", "token")] });

        flow.Step(flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true)), maxTasks: 1);

        Assert.Equal(["token", "first"], flow.Ran);
    }

    [Fact]
    public void Elements_of_a_secret_list_are_recomputed()
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
    public void A_store_contains_nothing_of_a_secret()
    {
        var flow = new TestFlow("flow", new() { Store = new FolderStore(_folder), Target = "{task_name}.json" })
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("use", TestFlow.Body(x => $"{x[0].Value}".Length)) { InputFrom = [new("t", "token")] });

        Assert.Equal(7, flow.RunInSteps(maxTasks: 1)[^1].Of("use").Result);

        Assert.Equal(["use.json"], Written());
    }

    [Fact]
    public void A_value_that_contains_a_secret_is_secret()
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
    public void A_subflow_with_a_secret_result_is_secret()
    {
        var inner = new TestFlow("inner").Task("a").Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true, After = ["a"] });
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow }).Add(new("use", Use()) { InputFrom = [new("t", "sub")] });

        var steps = flow.RunInSteps(maxTasks: 1);

        Assert.Equal("used hunter2", steps[^1].Of("use").Result);
        Assert.Equal(["a", "token", "token"], inner.Ran);
        Assert.All(steps, step => Assert.DoesNotContain("\"hunter2\"", Encoding.UTF8.GetString(FlowStateWriter.Write(step)), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_subflow_with_a_secret_among_several_results_is_secret_however_it_is_cut(bool isSensitive)
    {
        var inner = new TestFlow("inner").Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true }).Task("other", _ => "y");
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow, IsSensitive = isSensitive })
            .Add(new("use", TestFlow.Body(x => $"used {((System.Collections.IDictionary)x[0].Value!)["token"]}")) { InputFrom = [new("t", "sub")] });

        var steps = flow.RunInSteps(maxTasks: 1);

        Assert.Equal("used hunter2", steps[^1].Of("use").Result);
        Assert.All(steps, step => AssertNotWritten(step, "\"hunter2\""));
    }

    [Fact]
    public void A_subflow_with_a_mapped_secret_result_is_secret_however_it_is_cut()
    {
        var inner = new TestFlow("inner").Task("list", _ => new[] { 1, 2 })
            .Add(new("tokens", TestFlow.Body(x => $"hunter{x[0].Value}")) { IsSensitive = true, Map = [new("n", "list")] });
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow }).Add(new("use",
            TestFlow.Body(x => ((object?[])x[0].Value!).Length))
        { InputFrom = [new("t", "sub")] });

        var steps = flow.RunInSteps(maxTasks: 1);

        Assert.Equal(2, steps[^1].Of("use").Result);
        Assert.All(steps, step => AssertNotWritten(step, "hunter"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void Nothing_inside_a_sensitive_subflow_is_written(int maxTasks)
    {
        var store = new FolderStore(_folder);
        var deepest = new TestFlow("deepest").Task("d", _ => "hunter2 d");
        var inner = new TestFlow("inner", new() { Store = store, Target = "{task_name}.json" })
            .Task("list", _ => new[] { "hunter2 a", "hunter2 b" })
            .Add(new("each", TestFlow.Body(x => $"{x[0].Value}!")) { Map = [new("n", "list")] })
            .Add(new("kept", TestFlow.Body(_ => "hunter2 kept")) { Cache = new(TimeSpan.FromDays(1)) })
            .Add(new("deep", null) { Subflow = deepest.Flow })
            .Add(new("last", TestFlow.Body(x =>
                $"{((object?[])x[0].Value!)[1]}, {x[1].Value}, {x[2].Value}"))
            { InputFrom = [new("e", "each"), new("k", "kept"), new("d", "deep")] });
        var flow = new TestFlow("flow", new() { Store = store })
            .Add(new("sub", null) { Subflow = inner.Flow, IsSensitive = true })
            .Add(new("use", TestFlow.Body(x => $"{x[0].Value}".Length)) { InputFrom = [new("t", "sub")] });

        var steps = flow.RunInSteps(maxTasks);

        Assert.Equal("hunter2 b!, hunter2 kept, hunter2 d".Length, steps[^1].Of("use").Result);
        Assert.All(steps, step => AssertNotWritten(step, "hunter2"));
        Assert.All(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void A_secret_subflow_argument_is_not_written_and_passed_again(int maxTasks)
    {
        var deepest = new TestFlow("deepest", new() { Parameters = new ParameterDefaults([new("token", null)]) })
            .Add(new("d", TestFlow.Body(x => $"{x[0].Value}".Length)) { Parameters = ["token"] });
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("token", null), new("Name", null), new("other", 1)]) })
            .Add(new("first", Hash()) { Parameters = ["token", "Name"] })
            .Add(new("deep", null) { Subflow = deepest.Flow, Parameters = ["token"] })
            .Add(new("last", Hash()) { Parameters = ["token", "Name"], InputFrom = [new("first", "first"), new("deep", "deep")] });
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("Token", "token")], Arguments = [new("name", "ann")] });

        var steps = flow.RunInSteps(maxTasks);

        Assert.Equal(StateType.Success, steps[^1].StateType);
        Assert.Equal("ann", steps[^1].Of("sub").Subflow!.Parameters["name"]);
        Assert.Equal(["first", "last"], inner.Ran);
        Assert.Equal(["d"], deepest.Ran);
        Assert.All(steps, step => AssertNotWritten(step, "hunter2"));

        static ITaskBody Hash() => TestFlow.Body(x => Enumerable.Range(0, x.Count).Any(i => x[i].Value is "hunter2") ? "good" : throw new InvalidOperationException("no token"));
    }

    [Fact]
    public void The_script_line_of_an_error_is_masked()
    {
        var error = new TaskError("wrong password: hunter2") { ScriptName = "login.ps1", Line = 3, LineText = "Connect-Service -Password hunter2" };
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("use", TestFlow.Body(_ => throw new FlowSignalException(new(StateType.Failed, error.Message) { Error = error }, endsRun: false)))
            {
                InputFrom = [new("t", "token")],
            });

        var run = flow.RunAll();

        Assert.Equal(
            error with { Message = "wrong password: (secret)", LineText = "Connect-Service -Password (secret)" }, run.States[1].Error);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_SecureString_can_be_given_to_a_subflow()
    {
        using var secret = new SecureString();
        secret.AppendChar('x');
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("key", null)]) })
            .Task("first")
            .Add(new("use", TestFlow.Body(x => ((SecureString)x[0].Value!).Length)) { Parameters = ["key"], After = ["first"] });
        var flow = new TestFlow().Add(new("sub", null) { Subflow = inner.Flow, Arguments = [new("key", secret)] });

        Assert.Equal(1, flow.RunInSteps(maxTasks: 1)[^1].Of("sub").Result);
    }

    [Fact]
    public void A_subflow_whose_producer_fails_on_rerun_is_TriggerFailed_and_keeps_its_progress()
    {
        var runs = 0;
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("token", null)]) }).Task("first").Task("second", "first");
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => ++runs == 2 ? throw new InvalidOperationException("no answer") : "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("token", "token")] });

        var run = flow.Travel(flow.Step(flow.Travel(flow.Step(flow.New(), maxTasks: 2, reset: true))));
        Assert.Equal(StateType.TriggerFailed, run.Of("sub").StateType);
        run = flow.Step(run.Change((_, state) => state.IsFailed ? state.Reset(null) : state));

        Assert.Equal(StateType.Success, run.StateType);
        Assert.Equal(["first", "second"], inner.Ran);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_continued_subflow_follows_the_current_sensitivity_of_its_task(bool isSensitive)
    {
        var first = Make(!isSensitive);
        var run = first.Step(first.New(), maxTasks: 1, reset: true);
        var flow = Make(isSensitive);

        var document = Encoding.UTF8.GetString(FlowStateWriter.Write(flow.Step(FlowStateReader.Read(flow.Flow, FlowStateWriter.Write(run)).Run, maxTasks: 1, reset: true)));

        Assert.Equal(!isSensitive, document.Contains("hunter2", StringComparison.Ordinal));

        static TestFlow Make(bool isSensitive) => new TestFlow().Add(new("sub", null)
        {
            Subflow = new TestFlow("inner").Task("x").Task("y", _ => "hunter2", "x").Task("z", "y").Flow,
            IsSensitive = isSensitive,
        });
    }

    [Fact]
    public void A_subflow_run_read_without_its_secret_does_not_continue_by_itself()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("token", "default")]) }).Task("first").Task("second", "first");
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("token", "token")] });
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 2, reset: true));

        var error = Assert.Throws<FlowException>(() => inner.Recorded().Step(inner.Travel(run.Of("sub").Subflow!)));

        Assert.Equal("Run 'run-1.sub' of flow 'inner' cannot continue separately: token among its parameters was a secret, which is never written. Run the outer flow instead.",
            error.Message);
    }

    [Fact]
    public void A_killed_recorded_subflow_gets_its_secret_again_without_recording_it()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("token", null)]) })
            .Task("first").Add(new("second", TestFlow.Body(x => $"{x[0].Value}".Length)) { Parameters = ["token"], After = ["first"] });
        var flow = new TestFlow("flow", new() { Store = new FolderStore(_folder) })
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("token", "token")] });

        flow.RunInSteps(maxTasks: 1);

        Assert.All(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file => Assert.DoesNotContain("hunter2", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"_result\":{\"type\":\"Result\",\"value\":\"hunter2\"}")]
    [InlineData("\"_result\":{\"type\":\"PrefectResult\",\"location\":\"\\\"hunter2\\\"\"}")]
    public void A_secret_in_clear_text_in_a_document_is_used_but_not_written_again(string result)
    {
        var flow = WithToken();
        var document = """[{"task":{"slug":"token"},"state":{"type":"Success",""" + result + "}}]";

        var run = FlowStateReader.Read(flow.Flow, Encoding.UTF8.GetBytes(document)).Run;

        AssertNotWritten(run, "hunter2");
        Assert.Equal("used hunter2", flow.Step(run).Of("use").Result);
        Assert.Equal(["use"], flow.Ran);
    }

    [Fact]
    public void A_secrets_value_is_masked_in_consumers_messages()
    {
        var flow = WithToken()
            .Add(new("throws", TestFlow.Body(x => throw new InvalidOperationException($"Cannot convert value \"{x[0].Value}\" to Int32."))) { InputFrom = [new("t", "token")] })
            .Add(new("signals", TestFlow.Body(x =>
                throw new FlowSignalException(new State(StateType.Skipped, $"no need of {x[0].Value}"), endsRun: false)))
            { InputFrom = [new("t", "token")] })
            .Add(new("handled", Use()) { InputFrom = [new("t", "token")], StateHandlers = [new RecordingHandler((_, _) => throw new InvalidOperationException("got hunter2"))] })
            .Add(new("refused", Use()) { InputFrom = [new("t", "token")], When = new Condition(x => throw new InvalidOperationException($"bad {x[0].Value}")) })
            .Add(new("asked", Use()) { After = ["token"], Trigger = new CustomTrigger("", upstream => throw new InvalidOperationException($"{upstream[0].Result}?")) })
            .Add(new("own", TestFlow.Body(_ => "hunter3"))
            {
                IsSensitive = true,
                StateHandlers = [new RecordingHandler((_, to) => to.Result is { } made ? throw new InvalidOperationException($"made {made}") : null)]
            });

        var run = flow.Step(flow.New());

        Assert.Equal("Error during execution of task: Cannot convert value \"(secret)\" to Int32.", run.Of("throws").Message);
        Assert.Equal("Cannot convert value \"(secret)\" to Int32.", run.Of("throws").Error!.Message);
        Assert.Equal("no need of (secret)", run.Of("signals").Message);
        Assert.Equal("Unexpected error while calling state handlers: got (secret)", run.Of("handled").Message);
        Assert.Equal("Unexpected error while checking the task's condition: bad (secret)", run.Of("refused").Message);
        Assert.Equal("Unexpected error while checking task trigger: (secret)?", run.Of("asked").Message);
        Assert.Equal("Unexpected error while calling state handlers: made (secret)", run.Of("own").Message);
    }

    [Fact]
    public void A_secrets_value_is_masked_in_mapping_errors()
    {
        var flow = new TestFlow().Add(new("pin", TestFlow.Body(_ => 12345678.5)) { IsSensitive = true }).Add(new("m", Use()) { Map = [new("p", "pin")] });

        Assert.StartsWith("The result of task 'pin' is (secret), which is not a list.", flow.Step(flow.New()).Of("m").Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secrets_value_is_masked_in_subflow_messages()
    {
        var inner = new TestFlow("inner", new() { Parameters = new ParameterDefaults([new("token", null)]) })
            .Add(new("throws", TestFlow.Body((context, _) => throw new InvalidOperationException($"bad {context.Parameters["token"]}"))));
        var flow = new TestFlow()
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("sub", null) { Subflow = inner.Flow, InputFrom = [new("token", "token")] });

        var run = flow.Step(flow.New());

        Assert.Equal("Subflow 'inner' failed: task 'throws': Error during execution of task: bad (secret)", run.Of("sub").Message);
        AssertNotWritten(run, "hunter2");
    }

    [Fact]
    public void A_producer_reruns_for_its_consumer_in_parallel_too()
    {
        var flow = new TestFlow(TimeProvider.System)
            .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
            .Add(new("one", Use()) { InputFrom = [new("t", "token")] })
            .Add(new("two", Use()) { InputFrom = [new("t", "token")] });
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));

        run = StepRunner.Run(
            run, new() { Budget = new() { Throttle = new(4) }, Pool = new ThreadPoolBodies() }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("used hunter2", run.Of("one").Result);
        Assert.Equal("used hunter2", run.Of("two").Result);
        Assert.Equal(2, flow.Ran.Count(task => task == "token"));
    }

    [Fact]
    public void A_loop_with_secret_passes_restarts_in_the_next_step()
    {
        var flow = new TestFlow().Add(new("t", TestFlow.Body((context, _) => context.LoopCount < 3
            ? throw new FlowSignalException(new State(StateType.Looped) { Result = PrefectPS.Results.TaskResult.Of($"part {context.LoopCount}") }, endsRun: false)
            : "done"))
        { IsSensitive = true });

        var first = flow.Step(flow.New(), maxTasks: 2, reset: true);

        Assert.DoesNotContain("part", Encoding.UTF8.GetString(FlowStateWriter.Write(first)), StringComparison.Ordinal);
        Assert.Equal(StateType.Success, flow.Step(flow.Travel(first)).StateType);
        Assert.Equal(5, flow.Ran.Count);
    }

    [Fact]
    public void A_loop_passs_output_masks_the_previous_passs_secret()
    {
        var written = new List<string>();
        var flow = new TestFlow().Add(new("loop", TestFlow.Body((context, _) =>
        {
            written.Add(context.Output!.Take(FlowLogSource.Host, $"had {context.LoopResult}"));
            return context.LoopCount < 3 ? throw new FlowSignalException(new(StateType.Looped) { Result = TaskResult.Of($"hunter{context.LoopCount}") }, endsRun: false) : "done";
        }))
        { IsSensitive = true });

        flow.RunAll();

        Assert.Equal(["had ", "had (secret)", "had (secret)"], written);
    }

    [Fact]
    public void A_sensitive_task_cannot_have_a_target()
    {
        var flow = new TestFlow("flow", new() { Store = new FolderStore(_folder) });

        var error = Assert.Throws<FlowException>(() => flow.Add(new("token", TestFlow.Body(_ => 1)) { IsSensitive = true, Target = "token.json" }));

        Assert.Equal("Task 'token': a sensitive result is never written, so it has no target.", error.Message);
    }

    private static void AssertNotWritten(FlowState run, string secret)
    {
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(FlowStateWriter.Write(run)), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(PrefectWriter.Write(run)), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, Encoding.UTF8.GetString(CompactWriter.Content(run, matchBySlug: true, includeTimes: true)), StringComparison.Ordinal);
        Assert.Equal(run.State, CompactReader.Read(run.Flow, CompactWriter.Write(run), ReadingOptions.Default).Run.State);
    }

    private IEnumerable<string?> Written() => Directory.GetFiles(_folder, "*.json", SearchOption.AllDirectories).Select(Path.GetFileName);

    private sealed class Condition(Func<TaskArguments, bool> isMet) : ITaskCondition
    {
        public string Source => string.Empty;

        public bool IsMet(FlowContext context, TaskArguments arguments) => isMet(arguments);
    }

    private static ITaskBody Use() => TestFlow.Body(x => $"used {x[0].Value}");

    private static TestFlow WithToken() => new TestFlow()
        .Add(new("token", TestFlow.Body(_ => "hunter2")) { IsSensitive = true })
        .Add(new("use", Use()) { InputFrom = [new("t", "token")] });
}
