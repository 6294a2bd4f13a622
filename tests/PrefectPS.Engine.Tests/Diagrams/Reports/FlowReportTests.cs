using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrefectPS.Diagrams.Reports;
using PrefectPS.Engine.Tests.Support;
using PrefectPS.Running;

namespace PrefectPS.Engine.Tests.Diagrams.Reports;

public partial class FlowReportTests
{
    private const string Evil = "</script><!--\u2028\u2029<img src=x onerror=\"alert('&')\">";

    [Fact]
    public void Style_and_scripts_are_allowed_by_their_hashes_and_nothing_else_is()
    {
        var page = Write(SeedFlow.Make().RunAll());
        var policy = Policy().Match(page).Groups[1].Value;
        var parts = Parts().Matches(page).Select(part => Hash(part.Groups[1].Value)).ToArray();

        Assert.Equal(parts.Order(), Hashes().Matches(policy).Select(hash => hash.Value).Order());
        Assert.StartsWith("default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_run_can_end_the_element_that_its_data_is_in()
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
        var flow = new TestFlow().Task("holds", _ => new { Password = secret, User = "u" })
            .Add(new("is", TestFlow.Body(_ => "hunter2")) { IsSensitive = true });
        using var json = JsonDocument.Parse(Data(Write(flow.RunAll(), new() { ReadsResults = true })));

        foreach (var task in json.RootElement.GetProperty("tasks").EnumerateArray())
            Assert.Equal("""{"secret":true}""", task.GetProperty("result").GetRawText());
    }

    [Fact]
    public void Children_and_tasks_of_subflows_stand_behind_their_task()
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

    private static string Write(FlowState run, ReportOptions? options = null)
    {
        using var page = new MemoryStream();
        FlowReport.Write(page, run, options ?? new());
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
