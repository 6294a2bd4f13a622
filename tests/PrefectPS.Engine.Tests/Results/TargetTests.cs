using CsCheck;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Results;
using PrefectPS.Running;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Results;

public sealed class TargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prefectps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{date:yyyy-MM-dd}/{task_name}.txt", "2026-11-24/my task.txt")]
    [InlineData("{date:%Y-%m-%d}/{task_name}.txt", "2026-11-24/my task.txt")]
    [InlineData("{date:%H%M%S}-{date:%j}", null)]
    [InlineData("{date:%d}", "24")]
    [InlineData("{date:%A %%}", "Tuesday %")]
    [InlineData("{date:day %d}", "day 24")]
    [InlineData("{date}", "2026-11-24")]
    [InlineData("{today}_{yesterday_nodash}_{tomorrow}", "2026-11-24_20261123_2026-11-25")]
    [InlineData("{flow_name}/{flow_run_id}/{task_slug}/{task_tags}/{task_run_count}/{map_index}", "flow/run-1/slug/a,b/1/None")]
    [InlineData("{flow_id}/{flow_run_name}/{task_id}/{task_run_id}/{task_full_name}/{task_run_name}/{task_loop_count}", "flow/run-1/slug/run-1.slug/my task/my task/1")]
    [InlineData("{scheduled_start_time:yyyyMMdd'T'HHmm}/{scheduled_start_time:%H}", "20261124T0830/08")]
    [InlineData("{Date:yyyy}/{TASK_NAME}", "2026/my task")]
    [InlineData("{{{task_slug}}}", "{slug}")]
    [InlineData(@"a\b", "a/b")]
    public void A_template_is_rendered_with_Prefects_variables_and_both_kinds_of_date_formats(string template, string? expected)
    {
        if (expected is null)
        {
            Assert.Throws<FlowException>(() => Parse(template));
            return;
        }

        var flow = MakeFlow();
        var task = flow.Flow.Add(new("my task", TestFlow.Body(_ => null)) { Slug = "slug", Tags = ["b", "a"] });
        Assert.Equal(expected, StorePath.Check(Parse(template).Render(VariablesOf(task, flow.New()))));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("./x")]
    [InlineData("/etc/x")]
    [InlineData(@"\\server\share\x")]
    [InlineData(@"C:\x")]
    [InlineData("c:x")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("file.txt:stream")]
    [InlineData("CON")]
    [InlineData("a/nul.txt")]
    [InlineData("Com1.log")]
    [InlineData("lpt9")]
    [InlineData("COM¹")]
    [InlineData("a. /b")]
    [InlineData("a./b")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a?b")]
    [InlineData("a|b")]
    [InlineData("{task_name}/../x")]
    [InlineData("{task_name}:{date}")]
    public void A_target_that_would_leave_the_store_is_an_error_that_names_it(string target)
    {
        var error = Assert.Throws<FlowException>(() => Parse(target));
        Assert.Equal(FlowErrorId.TargetInvalid, error.Id);
        Assert.Equal(target, error.Target);
        Assert.Contains(TerminalText.Of($"'{target}'"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "a brace is not closed")]
    [InlineData("}", "a brace is closed that was not opened")]
    [InlineData("{nope}", "there is no variable 'nope'; there are date, ")]
    [InlineData("{date:%Q}", "'%Q' is not a strftime format")]
    [InlineData("{secrets}", "there is no variable 'secrets': a secret is never written")]
    [InlineData("{config}", "there is no variable 'config': Prefect's configuration does not exist here")]
    [InlineData("{parameters}", "there is no variable 'parameters': a path cannot contain all parameters; specify one")]
    [InlineData("{project_name}", "there is no variable 'project_name': flows do not belong to projects")]
    [InlineData("{today:%Y}", "'today' is a text and takes no format")]
    public void A_malformed_template_is_an_error_that_says_how(string template, string fault) =>
        Assert.Contains(fault, Assert.Throws<FlowException>(() => Parse(template)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_variable_of_Prefects_targets_is_supported_or_rejected_with_the_reason()
    {
        var names = new TargetNames(["x"], ["p"]);
        var received = ConformanceData.Read("behaviour.json").GetProperty("targets").GetProperty("callable_target_receives_keys").EnumerateArray();
        foreach (var name in received.Select(key => key.GetString()!))
            Assert.True(names.Find(name) is not null || !names.Missing(name).Contains("there are", StringComparison.Ordinal), name);
    }

    [Fact]
    public void A_task_whose_name_leads_out_of_the_store_fails_and_writes_nothing()
    {
        var flow = MakeFlow("{task_name}.txt").Task("../../escaped", _ => "x");
        var task = flow.RunAll().Tasks[0];
        Assert.Equal(StateType.Failed, task.StateType);
        Assert.Contains("'../../escaped.txt'", task.Message, StringComparison.Ordinal);
        Assert.Equal(FlowErrorId.TargetInvalid, task.Error!.Id);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Whatever_the_name_a_rendered_target_stays_below_the_store() => Gen.String.Sample(name =>
    {
        try
        {
            var path = StorePath.Check(name);
            return Path.GetFullPath(Path.Combine(_folder, path)).StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        }
        catch (FlowException e)
        {
            return e.Id == FlowErrorId.TargetInvalid;
        }
    });

    [Fact]
    public void Escaping_is_injective_and_yields_one_valid_path_segment() => Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
    {
        var part = StorePath.Escape(a);
        return a.Length == 0 || (StorePath.Check(part) == part && !part.Contains('/') && (a == b || part != StorePath.Escape(b)));
    });

    [Theory]
    [InlineData("{task_name}.json", "\"Task 1\"")]
    [InlineData("{date:yyyy-MM-dd}/{task_name}.txt", "Task 1")]
    public void A_result_is_written_to_its_target_and_found_there_by_the_next_run(string target, string content)
    {
        var flow = MakeFlow(target).Task("a", _ => "Task 1").Task("b", "a");
        var first = flow.RunAll();
        Assert.Equal(StateType.Success, first.Of("a").StateType);
        var file = Path.Combine(_folder, first.Of("a").ResultLocation!);
        Assert.Equal(content, File.ReadAllText(file));

        var second = flow.RunAll().Of("a");
        Assert.Equal((StateType.Cached, $"Result found at task target {first.Of("a").ResultLocation}"), (second.StateType, second.Message));
        Assert.Equal("Task 1", second.Result);
        Assert.Equal(1, flow.Ran.Count(t => t == "a"));
    }

    [Fact]
    public void A_task_that_returns_nothing_writes_nothing_and_runs_each_time()
    {
        var flow = MakeFlow("{task_name}.json").Task("a");
        flow.RunAll();
        Assert.Equal(StateType.Success, flow.RunAll().Of("a").StateType);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_text_target_makes_the_result_its_text_in_the_same_step_as_in_the_next()
    {
        var seen = new List<object?>();
        var flow = MakeFlow("{flow_run_id}/{task_name}.txt").Task("a", _ => 1.5);
        flow.Add(new("b", TestFlow.Body(arguments =>
        {
            seen.Add(arguments[0].Value);
            return null;
        }))
        { InputFrom = [new("x", "a")] });
        flow.RunAll();
        flow.RunInSteps(maxTasks: 1);
        Assert.Equal(["1.5", "1.5"], seen);
    }

    [Fact]
    public void With_a_store_results_travel_by_their_location_target_or_not()
    {
        var flow = MakeFlow().Task("a/b", _ => "secret result");
        var steps = flow.RunInSteps(maxTasks: 1);
        Assert.Equal("run-results/flow/run-1/results/a%2fb.json", steps[^1].Of("a/b").ResultLocation);
        Assert.DoesNotContain("secret result", System.Text.Encoding.UTF8.GetString(PrefectPS.Documents.FlowStateWriter.Write(steps[^1])), StringComparison.Ordinal);
        Assert.Equal("secret result", flow.Travel(steps[^1]).Of("a/b").Result);
    }

    [Fact]
    public void The_date_is_that_of_the_runs_start_in_every_step()
    {
        var flow = MakeFlow("{date:yyyy-MM-dd}.{task_name}.json").Task("a", _ => 1).Task("b", _ => 2, "a");
        var run = flow.Travel(flow.Step(flow.New(), maxTasks: 1, reset: true));
        flow.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("2026-11-24.b.json", flow.Step(run).Of("b").ResultLocation);
    }

    [Fact]
    public void A_target_without_a_store_is_an_error() =>
        Assert.Equal(FlowErrorId.TargetInvalid, Assert.Throws<FlowException>(() => new TestFlow(options: new() { Target = "x.json" })).Id);

    [Fact]
    public void A_store_that_cannot_be_written_fails_the_task_and_says_so()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, string.Empty);
        var flow = new TestFlow(options: new() { Store = new FolderStore(file), Target = "{task_name}.json" }).Task("a", _ => 1);
        var task = flow.RunAll().Of("a");
        Assert.Equal((StateType.Failed, FlowErrorId.StoreFailed), (task.StateType, task.Error!.Id));
        Assert.Contains($"The store '{file}' failed to write 'a.json'", task.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_fails_instead_of_running_without_an_input_whose_store_is_missing()
    {
        var flow = new TestFlow().Task("a");
        flow.Add(new("b", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", "a")] });
        var run = PrefectPS.Documents.FlowStateReader.Read(
            flow.Flow, """[{"slug":"a","state":{"type":"Success","_result":{"type":"LocalResult","location":"a.json"}}}]"""u8).Run;
        Assert.Null(run.Of("a").Result);

        var task = flow.Step(run).Of("b");
        Assert.Equal((StateType.Failed, FlowErrorId.ResultInvalid), (task.StateType, task.Error!.Id));
        Assert.Contains("'a.json' cannot be read: neither its task nor its flow has a store", task.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_result_fails_the_task_that_reads_it_and_names_the_result()
    {
        var flow = MakeFlow("{task_name}.json").Task("a", _ => 1);
        flow.Add(new("b", TestFlow.Body(arguments => arguments[0].Value)) { InputFrom = [new("x", "a")] });
        File.WriteAllText(Path.Combine(_folder, "a.json"), "{ torn");
        var task = flow.RunAll().Of("b");
        Assert.Equal((StateType.Failed, FlowErrorId.ResultInvalid), (task.StateType, task.Error!.Id));
        Assert.Contains("'a.json'", task.Message, StringComparison.Ordinal);
    }

    private static TargetTemplate Parse(string template) => TargetTemplate.Parse(template, new([], []));

    private static TargetVariables VariablesOf(FlowTask task, FlowState run)
    {
        using var clock = new StepClock(StepBudget.Unlimited, run.Flow.Services, CancellationToken.None);
        var taskRun = new TaskRun(task, State.NotRun, clock);
        return new(task, run.Identity, taskRun.ArgumentsIn(run.Identity, new(run.Flow.Plan, run.States)), taskRun.ContextIn(run.Identity, clock));
    }

    private TestFlow MakeFlow(string? target = null) => new(options: new() { Store = new FolderStore(_folder), Target = target });
}
