using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

/// <summary>What people see at a console, 80 or 160 characters wide, with colours and without.</summary>
public sealed partial class FormattingTests : IDisposable
{
    private const string Run = """
        $flow = New-Flow 'nightly import' {
            task list { 'A', 'B' } -Tag etl
            task 'load the files of the day' { param($file) if ($file -eq 'B') { throw "no`n B today, and a long story of why" } } -Map @{ file = 'list' }
            task mail { 'sent' } -After 'load the files of the day' -Tag mail
        }
        $run = Invoke-Flow $flow
        $failed = New-Flow failed -Store memory:formatted { task bad { throw 'no' }; task later { throw 'not yet' } -MaxRetries 1 -RetryDelay 01:00:00 } | Invoke-FlowStep
        $logged = New-Flow logged -Store memory: { task talk { Write-Warning 'careful' } } | Invoke-Flow 3>$null
        """;

    // A worker is made by the cluster alone, which is not there.
    private const string Worker = """
        function New-Member([string] $type, [object[]] $arguments) {
            $made = $flow.GetType().Assembly.GetType("PrefectPS.Cluster.$type")
            [Activator]::CreateInstance($made, [Reflection.BindingFlags] 'Instance, Public, NonPublic', $null, $arguments, $null)
        }
        $versions = [array]::CreateInstance($flow.GetType().Assembly.GetType('PrefectPS.Cluster.FlowVersion'), 2)
        $versions[0], $versions[1] = (New-Member FlowVersion 'nightly import', '1'), (New-Member FlowVersion ('a long name of a flow ' * 4), '2')
        $profile = New-Member WorkerProfile 'machine-01', 4711, $versions, ([string[]] 'gpu'), 4, ([DateTimeOffset]::UtcNow)
        New-Member FlowWorker $profile, '10.0.0.1:11111', 2, $false
        """;

    private readonly WindowHost _host = new() { Width = 80 };
    private readonly ModuleSession _session;

    public FormattingTests() => _session = ModuleSession.Open(_host);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("$flow", "Flow Tasks Target Store", "nightly import 3")]
    [InlineData("$flow.Tasks", "Task Waits for Tags Target", "mail load the files of the day mail")]
    [InlineData("$run", "Flow Step State Pending Message", "nightly import 1 Failed False Some reference tasks failed.")]
    [InlineData("$run.Tasks", "Task State Run Duration Message", "mail TriggerFailed 1 Trigger was")]
    [InlineData("$run.Tasks[1].Children", "Task State Run Duration Message", "Failed 1 TIME no B today, and")]
    [InlineData("$run | Show-Flow", "Task State Duration Message", "↓ mail TriggerFailed")]
    [InlineData("New-Flow long { task ('word ' * 50).Trim() { 1 } } | Invoke-Flow | Show-Flow", "Task State Duration Message", "word… Success TIME Task run")]
    [InlineData("Get-FlowPlan $flow", "Task Action Reason", "list Run has not run")]
    [InlineData("$run | Get-FlowHistory", "Time Step Task From To Message", "Running Success Task run")]
    [InlineData("$logged | Get-FlowLog", "Time Task Stream Text", "talk Warning careful")]
    [InlineData("$failed | Get-FlowLog", "Time Task Stream Text", "bad State Failed in TIME: no")]
    [InlineData("$failed | Get-FlowHistory", "Time Step Task From To Message", "bad Running Failed no")]
    [InlineData($"& {{ {Worker} }}", "Machine ProcessId Places Running Flows", "machine-01 4711 4 2 nightly import, a long name")]
    [InlineData("New-FlowCluster localhost", "Uri Certificate AllowsUnencrypted FailureTimeout", "localhost False 00:00:04")]
    public void A_table_fits_into_80_and_160_characters(string what, string header, string row)
    {
        foreach (var width in new[] { 80, 160 })
        {
            var lines = Show(what, width);

            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
            Assert.Equal(header, Spaces().Replace(lines.First(line => line.Length > 0), " ").Trim());
            Assert.Contains(lines, line => Duration().Replace(Spaces().Replace(line, " "), "TIME").Contains(row, StringComparison.Ordinal) || width == 160);
        }
    }

    [Fact]
    public void A_wide_console_shows_the_whole_message_in_one_line() =>
        Assert.Contains(Show("$run.Tasks[1].Children", 160), line => line.EndsWith(" no B today, and a long story of why", StringComparison.Ordinal));

    [Theory]
    [InlineData("$run.Tasks[1].Children", 57)]
    [InlineData("$run | Get-FlowHistory | Where-Object To -EQ Failed", 69)]
    public void A_narrow_console_shows_it_in_several_lines_without_what_it_always_begins_with(string what, int column)
    {
        var lines = Show(what, 80).Where(line => line.Length > column).Select(line => line[column..]);

        Assert.Contains("no B today, and a long story of why", string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_long_message_is_cut()
    {
        var shown = string.Concat(Show("(New-Flow long { task a { throw ('x' * 399 + [char]::ConvertFromUtf32(0x1F600) + 'y' * 900) } } | Invoke-Flow).Tasks", 80));

        Assert.Equal(399, shown.Count(c => c == 'x'));
        Assert.DoesNotContain('y', shown[shown.IndexOf("xx", StringComparison.Ordinal)..]);
        Assert.DoesNotContain(shown, char.IsSurrogate);
    }

    [Theory]
    [InlineData("$failed")]
    [InlineData("$failed | Show-Flow")]
    public void A_run_that_waits_shows_what_has_failed(string what) =>
        Assert.Contains(Show(what, 80), line => line.Contains("Scheduled", StringComparison.Ordinal) && line.Contains("1 failed; 1 of 2", StringComparison.Ordinal));

    [Fact]
    public void States_have_colours()
    {
        var lines = ShowInColors("$run.Tasks");

        Assert.Contains(lines, line => line.Contains("\e[32mSuccess\e[0m", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\e[31mTriggerFailed\e[0m", StringComparison.Ordinal));
        Assert.Contains(ShowInColors("$run"), line => line.Contains("\e[31mFailed\e[0m", StringComparison.Ordinal));
        Assert.Contains(ShowInColors("$run | Show-Flow"), line => line.Contains("\e[94mMapped\e[0m", StringComparison.Ordinal));
    }

    [Fact]
    public void States_are_plain_where_output_is() =>
        Assert.Contains(ShowInColors("$run.Tasks", "$PSStyle.OutputRendering = 'PlainText'", "$PSStyle.OutputRendering = 'Host'"), line =>
            line.Contains(" Success ", StringComparison.Ordinal));

    [Fact]
    public void States_are_plain_with_NO_COLOR() =>
        Assert.Contains(ShowInColors("$run.Tasks", "$env:NO_COLOR = '1'", "$env:NO_COLOR = $null"), line => line.Contains(" Success ", StringComparison.Ordinal));

    [Fact]
    public void States_are_shown_in_strict_mode() =>
        Assert.Contains(ShowInColors("$run.Tasks", "Set-StrictMode -Version Latest"), line => line.Contains("Success", StringComparison.Ordinal));

    [Fact]
    public void Each_property_that_a_view_shows_is_one_of_its_type()
    {
        var engine = (Assembly)_session.Run("(New-Flow any).GetType().Assembly").Single()!;
        var views = XDocument.Load(Path.Combine(Repository.ModuleFolder, "PrefectPS.Format.ps1xml")).Descendants("View");

        Assert.All(views, view =>
        {
            var type = engine.GetType(view.Descendants("TypeName").Single().Value);
            Assert.NotNull(type);
            Assert.All(view.Descendants("PropertyName"), property =>
                Assert.True(type.GetProperty(property.Value) is not null, $"{type}: {property.Value}"));
        });
    }

    [Fact]
    public void What_people_meet_most_has_a_table_and_a_list()
    {
        var views = XDocument.Load(Path.Combine(Repository.ModuleFolder, "PrefectPS.Format.ps1xml")).Descendants("View")
            .ToLookup(view => view.Descendants("TypeName").Single().Value.Split('.')[^1], view => view.Elements().Last().Name.LocalName);

        Assert.All(
            new[] { "Flow", "FlowTask", "FlowState", "FlowTaskState", "FlowRun", "FlowTreeRow" },
            type => Assert.Equal(["TableControl", "ListControl"], views[type]));
    }

    private List<string> Show(string what, int width)
    {
        _host.Width = width;
        return ShowInColors(what).ConvertAll(line => Style().Replace(line, string.Empty).TrimEnd());
    }

    // Out-Host, because it shows things as the console does.
    private List<string> ShowInColors(string what, string before = "", string after = "")
    {
        _host.Lines.Clear();
        _session.Run($"{Run}\n{before}\ntry {{ {what} | Out-Host }} finally {{ {after} }}");
        return [.. _host.Lines.SelectMany(text => text.Split('\n'))];
    }

    [GeneratedRegex(@"\e\[[\d;]*m", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Style();

    [GeneratedRegex(" +", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\d\d:\d\d:\d\d\.\d\d\d", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
