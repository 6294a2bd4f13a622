using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Flows;
using PrefectPS.Runs;
using PrefectPS.States;
using PrefectPS.Storage;

namespace PrefectPS.Engine.Tests.Diagrams.Reports;

public partial class FlowReportTests
{
    private const string Evil = "</script><!--\u2028\u2029<img src=x onerror=\"alert('&')\">";

    [Fact]
    public void Only_style_and_scripts_are_allowed_by_hash()
    {
        var page = Write(SeedFlow.Make().RunAll());
        var policy = Policy().Match(page).Groups[1].Value;
        var parts = Parts().Matches(page).Select(part => Hash(part.Groups[1].Value)).ToArray();

        Assert.Equal(parts.Order(), Hashes().Matches(policy).Select(hash => hash.Value).Order());
        Assert.StartsWith("default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void No_data_of_a_run_can_end_its_script_element()
    {
        var flow = new TestFlow(Evil.Replace("\u2028\u2029", "", StringComparison.Ordinal)).Task("a", _ => Evil);
        var data = Data(Write(flow.RunAll(), new() { Title = Evil }));

        Assert.DoesNotMatch("[<>&\u2028\u2029]", data);
        using var json = JsonDocument.Parse(data);
        Assert.Equal(Evil, json.RootElement.GetProperty("title").GetString());
        Assert.Equal(Evil, json.RootElement.GetProperty("tasks")[0].GetProperty("result").GetProperty("text").GetString());
    }

    [Fact]
    public void The_page_of_a_run_is_the_same_each_time()
    {
        var run = SeedFlow.Make().RunAll();

        Assert.Equal(Write(run), Write(run));
    }

    [Fact]
    public void A_secret_result_and_one_that_holds_a_secret_are_not_shown()
    {
        using var secret = new System.Security.SecureString();
        var flow = new TestFlow().Task("holds", _ => new Dictionary<string, object> { ["Password"] = secret, ["User"] = "u" })
            .Add(new("is", TestFlow.Body(_ => "hunter2")) { IsSensitive = true });
        using var json = JsonDocument.Parse(Data(Write(flow.RunAll(), new() { ReadsResults = true })));

        foreach (var task in json.RootElement.GetProperty("tasks").EnumerateArray())
            Assert.Equal("""{"secret":true}""", task.GetProperty("result").GetRawText());
    }

    [Fact]
    public void Children_and_subflow_tasks_follow_their_task()
    {
        var inner = new TestFlow("inner").Task("x").Task("y", "x");
        var flow = new TestFlow().Task("list", _ => new object[] { 1, 2 })
            .Add(new("each", TestFlow.Body(_ => null)) { Map = [new("n", "list")] })
            .Add(new("part", null) { Subflow = inner.Flow, After = ["each"] });
        using var json = JsonDocument.Parse(Data(Write(flow.RunAll())));
        var tasks = json.RootElement.GetProperty("tasks").EnumerateArray().ToArray();

        Assert.Equal(["list", "each", "each[0]", "each[1]", "part", "part/x", "part/y"], tasks.Select(task => task.GetProperty("slug").GetString()));
        Assert.Equal([5], tasks[6].GetProperty("upstream").EnumerateArray().Select(row => row.GetInt32()));
        Assert.Equal(4, tasks[6].GetProperty("parent").GetInt32());
    }

    [Fact]
    public void A_recorded_run_shows_all_attempts_and_steps()
    {
        var store = RecordedFlowExtensions.NewStore();
        var first = Flaky(store).Recorded(maxTasks: 2).Step("run");
        var second = Flaky(store, later: 60).Recorded().Step("run");
        using var json = JsonDocument.Parse(Data(Write(second, history: HistoryOf(store, second))));
        var data = json.RootElement;

        Assert.Equal("""[{"number":1,"start":0,"end":20000,"maxTasks":2},{"number":2,"start":60000,"end":80000}]""", data.GetProperty("steps").GetRawText());
        var flaky = data.GetProperty("tasks")[1];
        Assert.Equal(["Running", "Failed", "Retrying", "Running", "Success"], flaky.GetProperty("history").EnumerateArray().Select(change => change[1].GetString()));
        Assert.Equal([1, 1, 1, 2, 2], flaky.GetProperty("history").EnumerateArray().Select(change => change[2].GetInt32()));
        Assert.Equal("""[{"start":10000,"duration":10000,"state":"Failed","step":1}]""", flaky.GetProperty("attempts").GetRawText());
        Assert.Equal(2, flaky.GetProperty("step").GetInt32());

        using var earlier = JsonDocument.Parse(Data(Write(first, history: HistoryOf(store, first))));
        Assert.Equal(1, earlier.RootElement.GetProperty("steps").GetArrayLength());
        Assert.Equal(3, earlier.RootElement.GetProperty("tasks")[1].GetProperty("history").GetArrayLength());
    }

    [Fact]
    public void A_task_reset_to_run_again_shows_its_earlier_attempt()
    {
        var store = RecordedFlowExtensions.NewStore();
        var run = Flaky(store).Recorded().Step("run");
        var reset = run.Change((task, state) => task.Slug == "flaky" ? state.Reset(null) : state);
        using var json = JsonDocument.Parse(Data(Write(reset, history: HistoryOf(store, reset))));
        var flaky = json.RootElement.GetProperty("tasks")[1];

        Assert.Equal(["Failed", "Success"], flaky.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("state").GetString()));
        Assert.False(flaky.TryGetProperty("step", out _));
    }

    [Fact]
    public void An_attempt_whose_process_died_ends_with_its_steps_last_event()
    {
        var start = new TestFlow().Clock.GetUtcNow();
        FlowTransition Change(int step, int seconds, string task, StateType to) => new("flow", "run", step) { Time = start.AddSeconds(seconds), Task = task, ToType = to };
        var history = ReportHistory.Of(
            new(
                [Change(1, 1, "a", StateType.Running), Change(1, 2, "b", StateType.Running), Change(1, 5, "b", StateType.Success), Change(3, 60, "a", StateType.Running)],
                [new(1, start, null), new(2, start.AddSeconds(30), null), new(3, start.AddSeconds(60), null)]),
            new TestFlow().New() is var run ? new(run.Flow, run.Identity with { Step = 3 }, run.States) : null!);

        Assert.Equal([(1, 5), (3, 60)], history.AttemptsOf("a").Select(attempt => (attempt.Step!.Value, (int)(attempt.Ended - start).TotalSeconds)));
        Assert.All(history.AttemptsOf("a"), attempt => Assert.Equal(StateType.Running, attempt.Outcome));
        Assert.Equal([5, 30, 60], history.Steps.Select(step => (int)(step.Ended - start).TotalSeconds));
        Assert.All(history.Steps, step => Assert.True(step.IsOpen));
    }

    private static TestFlow Flaky(IFlowStore store, int later = 0)
    {
        var flow = new TestFlow(options: new() { Store = store });
        flow.Clock.Advance(TimeSpan.FromSeconds(later));
        object? Body(Func<object?> body)
        {
            flow.Clock.Advance(TimeSpan.FromSeconds(10));
            return body();
        }

        return flow.Task("a", _ => Body(() => 1))
            .Add(new("flaky", TestFlow.Body((context, _) => Body(() => context.RunCount < 2 ? throw new InvalidOperationException("busy") : 2)))
            {
                After = ["a"],
                Retry = new() { MaxRetries = 1 }
            })
            .Task("b", _ => Body(() => 3), "flaky");
    }

    private static ReportHistory HistoryOf(IFlowStore store, FlowState run) => ReportHistory.Of(RunHistory.Find(store, "flow", run.RunId)!, run);

    private static string Write(FlowState run, ReportOptions? options = null, ReportHistory? history = null)
    {
        using var page = new MemoryStream();
        FlowReport.Write(page, run, history ?? ReportHistory.None, options ?? new());
        return Encoding.UTF8.GetString(page.ToArray());
    }

    private static string Data(string page) => DataPart().Match(page).Groups[1].Value;

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex("""http-equiv="Content-Security-Policy" content="(?<policy>[^"]*)">""")]
    private static partial Regex Policy();

    [GeneratedRegex("<(?:script|style)>(?<part>.*?)</(?:script|style)>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();

    [GeneratedRegex("'sha256-[^']*'")]
    private static partial Regex Hashes();

    [GeneratedRegex("""<script type="application/json" id="data">(?<data>.*?)</script>""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex DataPart();
}
